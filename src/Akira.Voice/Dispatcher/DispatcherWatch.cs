using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Akira.Voice.Management;

namespace Akira.Voice.Dispatcher;

/// <param name="Backend">Where the backend answers.</param>
/// <param name="Token">A viewer's is enough.</param>
/// <param name="List">Kamailio's <c>list_file</c> of the module dispatcher.</param>
/// <param name="Prefixes">The db_text table of the module mtree; its file's name is the tree's.</param>
/// <param name="Rpc">Kamailio's datagram socket.</param>
public sealed record DispatcherOptions(Uri Backend, string? Token, string List, string Prefixes, string Rpc);

/// <summary>
/// Runs beside Kamailio: what the backend has for trunks and routes is written to Kamailio's files, and Kamailio is told. With the backend away the
/// files stay as they are, and calls go on.
/// </summary>
public sealed class DispatcherWatch(DispatcherOptions options, TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly KamailioRpc _kamailio = new(options.Rpc, time);
    private string? _trouble;
    private string? _tag;
    private bool _isToldOf; // the one before us may have ended between writing and telling

    public async Task Run(CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = options.Backend, Timeout = Patience };
        if (options.Token is { Length: > 0 } token)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await Look(http, cancel);
                if (_trouble is not null)
                    say("all is well again");
                _trouble = null;
            }
            catch (Exception e)
                when (e is HttpRequestException or IOException or JsonException or UnauthorizedAccessException
                    || e is OperationCanceledException && !cancel.IsCancellationRequested
                )
            {
                if (_trouble != e.Message)
                    say($"trying again, and Kamailio goes on as it is: {e.Message}");
                _trouble = e.Message;
            }
        } while (await timer.WaitForNextTickAsync(cancel));
    }

    /// <summary>Asks once, writes what is new, and tells Kamailio until it has heard.</summary>
    internal async Task Look(HttpClient http, CancellationToken cancel)
    {
        if (await Changed(http, cancel) is var (lists, tag))
        {
            // An empty list would end all calls; nobody means that.
            if (!lists.Dispatcher.Split('\n').Any(line => line.Length > 0 && line[0] != '#'))
                throw new IOException("the backend has no route with a trunk");
            if (WholeFile.Write(options.List, lists.Dispatcher))
                _isToldOf = false;
            if (WholeFile.Write(options.Prefixes, lists.Prefixes))
                _isToldOf = false;
            _tag = tag;
        }
        if (_isToldOf)
            return;
        // Sets first: a prefix that names one that is not there yet would refuse calls.
        await _kamailio.Call("dispatcher.reload", [], cancel);
        await _kamailio.Call("mtree.reload", [Path.GetFileName(options.Prefixes)], cancel);
        _isToldOf = true;
        say("Kamailio has the new trunks and routes");
    }

    /// <returns>Null: they are as they were.</returns>
    private async Task<(KamailioLists Lists, string? Tag)?> Changed(HttpClient http, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/kamailio");
        if (_tag is not null)
            request.Headers.IfNoneMatch.Add(new(_tag));
        using var answer = await http.SendAsync(request, cancel);
        if (answer.StatusCode == HttpStatusCode.NotModified)
            return null;
        answer.EnsureSuccessStatusCode();
        var lists = await answer.Content.ReadFromJsonAsync(ManagementJson.Default.KamailioLists, cancel);
        return (lists ?? throw new JsonException("the backend's answer is empty"), answer.Headers.ETag?.Tag);
    }
}
