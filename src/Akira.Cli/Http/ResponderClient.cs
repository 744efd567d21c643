using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Akira.Cli.CommandLine;

namespace Akira.Cli.Http;

/// <summary>The responder's HTTP API. Its answers stay JSON: the responder owns their shape.</summary>
internal sealed class ResponderClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    public ResponderClient(Address address)
    {
        Address = address;
        _http = new HttpClient { BaseAddress = address.Url, Timeout = Timeout.InfiniteTimeSpan };
        if (address.Token is { } token)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _http.DefaultRequestHeaders.Add("X-Akira-Via", "cli"); // the log says how somebody spoke
    }

    public Address Address { get; }

    public void Dispose() => _http.Dispose();

    /// <summary>Asks one thing of the responder the environment points to, and prints the answer or what went wrong.</summary>
    /// <param name="expected">What the answer must be; anything else does not come from a responder.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> Ask(
        Func<ResponderClient, Task<Answer>> question,
        JsonValueKind expected,
        Action<JsonElement> print,
        CancellationToken cancel
    )
    {
        var (address, error) = Address.Find();
        if (address is null)
            return new Failure(Exit.Usage, error!, []).Print();
        using var client = new ResponderClient(address);
        var answer = await question(client);
        cancel.ThrowIfCancellationRequested();
        if (answer.Failure is { } failure)
            return failure.Print();
        if (answer.Body.ValueKind != expected)
            return new Failure(
                Exit.Negative,
                $"The answer from {address.Url} is not a responder's. Set AKIRA_URL to where the responder is.",
                []
            ).Print();
        print(answer.Body);
        return Exit.Ok;
    }

    public Task<Answer> Get(string path, CancellationToken cancel) =>
        Send(new HttpRequestMessage(HttpMethod.Get, path), cancel);

    public Task<Answer> Post(string path, JsonObject? body, CancellationToken cancel) =>
        Send(
            new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new StringContent(body?.ToJsonString() ?? "", Encoding.UTF8, "application/json"),
            },
            cancel
        );

    /// <summary>Server-Sent Events, each one JSON, until the server ends the stream or the caller cancels.</summary>
    /// <param name="failed">Told when there is no stream, or no more.</param>
    public async IAsyncEnumerable<JsonElement> Stream(
        string path,
        Action<Failure> failed,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        HttpResponseMessage? response = null;
        try
        {
            try
            {
                response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            }
            catch (HttpRequestException e)
            {
                failed(Unreachable(e));
                yield break;
            }
            if (!response.IsSuccessStatusCode)
            {
                failed(FailureOf(response.StatusCode, await ReadBody(response, cancel)));
                yield break;
            }
            var events = SseParser.Create(await response.Content.ReadAsStreamAsync(cancel)).EnumerateAsync(cancel);
            await using var each = events.GetAsyncEnumerator(cancel);
            while (true)
            {
                try
                {
                    if (!await each.MoveNextAsync())
                        yield break;
                }
                catch (IOException)
                {
                    failed(new Failure(Exit.Unavailable, $"The responder at {Address.Url} went away.", []));
                    yield break;
                }
                using var json = JsonDocument.Parse(each.Current.Data);
                yield return json.RootElement.Clone();
            }
        }
        finally
        {
            response?.Dispose();
        }
    }

    private async Task<Answer> Send(HttpRequestMessage request, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            using var sent = request;
            using var response = await _http.SendAsync(request, patience.Token);
            var body = await ReadBody(response, patience.Token);
            var failure = response.IsSuccessStatusCode ? null : FailureOf(response.StatusCode, body);
            return new Answer(response.StatusCode, body, response.Headers.Date, failure);
        }
        catch (HttpRequestException e)
        {
            return new Answer(null, default, null, Unreachable(e));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            var silent = $"The responder at {Address.Url} did not answer within {Patience.TotalSeconds} s.";
            return new Answer(null, default, null, new Failure(Exit.Unavailable, silent, []));
        }
    }

    /// <summary>The body, text as a JSON string; undefined when it is neither JSON nor text.</summary>
    private static async Task<JsonElement> ReadBody(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentType?.MediaType is "text/plain" or "text/markdown" or "text/html")
            return JsonElement.Parse(JsonValue.Create(await response.Content.ReadAsStringAsync(cancel)).ToJsonString());
        try
        {
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancel));
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private Failure Unreachable(HttpRequestException e) =>
        new(
            Exit.Unavailable,
            $"No responder answers at {Address.Url} ({Reason(e)}). Start one with `akira up`, or set AKIRA_URL to where it is.",
            []
        );

    private static string Reason(HttpRequestException e) => (e.InnerException ?? e).Message.TrimEnd('.');

    /// <summary>A refusal (RFC 9457 problem details) as one sentence and its details.</summary>
    private Failure FailureOf(HttpStatusCode status, JsonElement body)
    {
        var said = body.Text("detail") ?? body.Text("title");
        var sentence = status switch
        {
            HttpStatusCode.Unauthorized when Address.Token is null =>
                "The responder wants to know who is asking: set AKIRA_TOKEN to your token.",
            HttpStatusCode.Unauthorized =>
                $"The responder does not know this token (from {Address.Source}). Ask an administrator for one, and set AKIRA_TOKEN.",
            HttpStatusCode.Forbidden => said
                ?? "This token's role does not allow that. Ask an administrator for another.",
            _ => said ?? $"The responder answered with HTTP status {(int)status}.",
        };
        return new Failure(Exit.Negative, sentence, [.. Details(body)]);
    }

    private static IEnumerable<string> Details(JsonElement problem) =>
        problem.ValueKind != JsonValueKind.Object
            ? []
            : problem
                .EnumerateObject()
                .Where(p => p.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
                .SelectMany(p =>
                    p.Value.ValueKind == JsonValueKind.Array
                        ? p.Value.EnumerateArray().Select(v => v.Words())
                        // Validation errors: {"field": ["what is wrong"]}
                        : p.Value.EnumerateObject().Select(f => $"{f.Name}: {f.Value.Words()}")
                );
}
