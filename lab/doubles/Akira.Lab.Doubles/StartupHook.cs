using System.Diagnostics;

/// <summary>
/// What is wrong with the lab's bad release: loaded into the backend (DOTNET_STARTUP_HOOKS, which asks for this very name), it lets every request fail.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetCommandLineArgs().ElementAtOrDefault(1) == "backend")
            DiagnosticListener.AllListeners.Subscribe(new Listeners());
    }

    private sealed class Listeners : IObserver<DiagnosticListener>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.AspNetCore")
                value.Subscribe(new Requests());
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }
    }

    private sealed class Requests : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key == "Microsoft.AspNetCore.Routing.EndpointMatched")
                throw new InvalidOperationException("rates: the table has no column per_second");
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }
    }
}
