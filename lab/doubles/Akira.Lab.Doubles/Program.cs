using Akira.Lab.Doubles;
using Akira.Lab.Doubles.Telegram;

// Stand-ins for what the lab cannot install. Each speaks the real one's HTTP, as far as the responder and the runbooks use it.
if (args is not [var which, ..] || which is not ("vault" or "grafana" or "telegram"))
{
    Console.Error.WriteLine("usage: dotnet Akira.Lab.Doubles.dll vault | grafana | telegram [--urls URL]");
    return 2;
}

var builder = WebApplication.CreateSlimBuilder(args[1..]);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(TimeProvider.System);
var app = builder.Build();
switch (which)
{
    case "vault":
        app.MapVault(app.Configuration["Shares"] ?? "/etc/vault.d/shares");
        break;
    case "grafana":
        app.MapGrafana();
        break;
    default:
        app.MapTelegram();
        break;
}
await app.RunAsync();
return 0;
