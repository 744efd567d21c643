using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace Akira.Http;

public static class ForwardedScheme
{
    /// <summary>
    /// Of what a proxy says only whether people came by https: that decides about cookies, and about where a log-in leads back. No address is believed,
    /// so it need not be known who the proxy is.
    /// </summary>
    public static void UseForwardedScheme(this IApplicationBuilder app)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedProto };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        app.UseForwardedHeaders(forwarded);
    }
}
