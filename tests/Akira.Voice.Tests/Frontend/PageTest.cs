namespace Akira.Voice.Tests.Frontend;

/// <summary>Its pages end with it: one that stays open asks the backend again and again.</summary>
public abstract class PageTest(ManagementApp app) : IAsyncDisposable
{
    protected ManagementApp App { get; } = app;

    public async ValueTask DisposeAsync()
    {
        await App.ClosePages();
        GC.SuppressFinalize(this);
    }
}
