using Akira.Core.Tests.Incidents;
using Akira.Responder.Access;
using Akira.Responder.Console;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;

namespace Akira.Responder.Tests.Console;

/// <summary>Draws parts of the console under a clock that stands still until it is told.</summary>
public abstract class ConsoleTest : BunitContext
{
    protected ConsoleTest()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Caller = this.AddAuthorization();
        Caller.SetAuthorized("anna").SetRoles(nameof(Role.Responder));
        Services.AddMudServices();
        Services.AddSingleton(new Pulse(Clock, timeScale: 1));
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    protected BunitAuthorizationContext Caller { get; }

    protected FakeTimeProvider Clock { get; } = new(Story.Start);
}
