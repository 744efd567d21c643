using System.Net.Sockets;
using Akira.Responder;
using Akira.Responder.Log;

namespace Akira.Cli.Doctor;

/// <summary>Whether people would hear of an incident. Nobody is paged to find out.</summary>
internal static class ChannelChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static async Task<Symptom> Webhook(string dataFolder, CancellationToken cancel)
    {
        string? address;
        try
        {
            address = ResponderOptions.Load(dataFolder).Webhook.Url;
        }
        catch (CannotStart e)
        {
            return Symptom.Wrong("webhook", e.Message.TrimEnd('.'), "Correct the setting");
        }
        if (address is null)
            return Symptom.Note(
                "webhook",
                "no webhook is set: pages show in the console alone",
                "Set AKIRA_Webhook__Url to where they are to be POSTed"
            );
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return Symptom.Wrong(
                "webhook",
                $"{address} is not an http address",
                "Correct AKIRA_Webhook__Url: https://chat.example.org/hooks/akira"
            );
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await socket.ConnectAsync(url.Host, url.Port, patience.Token);
            return Symptom.Ok("webhook", $"{url.Host}:{url.Port} takes connections for the pages");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            var why = e is SocketException ? e.Message : $"no answer in {Patience.TotalSeconds:0} s";
            return Symptom.Wrong(
                "webhook",
                $"{url.Host}:{url.Port} cannot be reached, so no page would get through: {why}",
                "Start what listens there, or correct AKIRA_Webhook__Url"
            );
        }
    }
}
