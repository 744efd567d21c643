using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akira.Core.Runbooks;
using Akira.Responder.Log;
using Akira.Responder.OnCall;

namespace Akira.Responder.Runbooks;

/// <summary>
/// The policy in force, what the checker last found in the folder, and the policies of incidents that began under
/// older texts.
/// </summary>
public sealed class PolicyState
{
    private readonly Store _store;
    private readonly ConcurrentDictionary<string, Policy> _byHash = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, Policy> _withPeopleOfNow = new(StringComparer.Ordinal);
    private Reading _last;

    /// <exception cref="CannotStart">The runbooks are missing or broken: exit code 1, a line for each finding.</exception>
    public PolicyState(Store store, string folder)
    {
        _store = store;
        Covers = new CoverBook(store);
        Folder = Path.GetFullPath(folder);
        var files = RunbookFolder.Read(folder);
        var reading = PolicyReader.Read(files);
        if (reading.Policy is null)
            throw new CannotStart(
                string.Join('\n', reading.Findings.Where(f => f.IsError).Select(f => f.ToString())),
                exitCode: 1
            );
        PolicyRows.Keep(store, reading.Policy.Hash, files);
        _byHash[reading.Policy.Hash] = reading.Policy;
        _last = new Reading(reading.Policy, reading.Findings, IsBroken: false);
    }

    public string Folder { get; }

    /// <summary>Who covers for whom, now and later.</summary>
    public CoverBook Covers { get; }

    /// <summary>Rules new incidents.</summary>
    public Policy Current => _last.Policy;

    /// <summary>Of the last time the folder was read.</summary>
    public ImmutableArray<Finding> Findings => _last.Findings;

    /// <summary>The folder no longer holds a policy that can be obeyed: <see cref="Current"/> is the last good one.</summary>
    public bool IsBroken => _last.IsBroken;

    /// <summary>The folder was read again.</summary>
    public event Action? Changed;

    /// <summary>Reads the folder again.</summary>
    public void Reload()
    {
        var files = RunbookFolder.Read(Folder);
        var reading = PolicyReader.Read(files);
        if (reading.Policy is { } policy)
        {
            // Its text must be in the store before an incident can begin under it.
            PolicyRows.Keep(_store, policy.Hash, files);
            _byHash[policy.Hash] = policy;
        }
        _last = new Reading(reading.Policy ?? _last.Policy, reading.Findings, reading.Policy is null);
        _withPeopleOfNow = new(StringComparer.Ordinal);
        Changed?.Invoke();
    }

    /// <summary>
    /// The policy of that hash, with the people that are on call by the current one: rules stay those an incident began with, and whom
    /// they page is whoever is there now. Where this version can no longer read its text, the current one.
    /// </summary>
    public Policy Of(string hash)
    {
        // In this order: people of before a reload never get into what is remembered after it.
        var known = _withPeopleOfNow;
        var current = Current;
        var people = current.Platform;
        return hash == current.Hash
            ? current
            : known.GetOrAdd(
                hash,
                h =>
                {
                    var then = AsItWas(h);
                    return then with
                    {
                        Platform = then.Platform with { OnCall = people.OnCall, Rotation = people.Rotation },
                    };
                }
            );
    }

    private Policy AsItWas(string hash)
    {
        if (_byHash.TryGetValue(hash, out var known))
            return known;
        var read = PolicyRows.Find(_store, hash) is { } files ? PolicyReader.Read(files).Policy : null;
        return _byHash.GetOrAdd(hash, read ?? Current);
    }

    private sealed record Reading(Policy Policy, ImmutableArray<Finding> Findings, bool IsBroken);
}
