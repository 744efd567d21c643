using Akira.Voice.Management;

namespace Akira.Voice.Frontend.Registers;

/// <summary>
/// What somebody writes over an entry, field by field, as text. When another saves first, their entry becomes the
/// ground: fields that were not touched here follow it, and where both wrote, both are kept to choose from.
/// </summary>
public sealed class Draft<T>
    where T : IEntry
{
    private readonly Register<T> _register;
    private readonly Dictionary<string, string> _mine;
    private readonly Dictionary<string, string> _theirs = [];

    public Draft(Register<T> register, T ground)
    {
        (_register, Ground) = (register, ground);
        _mine = register.Fields.ToDictionary(f => f.Name, f => f.Show(ground));
    }

    /// <summary>The entry as it was read last.</summary>
    public T Ground { get; private set; }

    public bool IsNew => Ground.Version == 0;

    public bool IsChanged => _register.Fields.Any(f => _mine[f.Name] != f.Show(Ground));

    public string this[string field]
    {
        get => _mine[field];
        set => _mine[field] = value;
    }

    /// <summary>What another wrote there meanwhile; null when nobody did.</summary>
    public string? Theirs(string field) => _theirs.GetValueOrDefault(field);

    /// <summary>The entry to save, or the first field whose text cannot be it.</summary>
    public (T? Entry, Field<T>? Wrong) Entry()
    {
        var entry = Ground;
        foreach (var field in _register.Fields)
        {
            if (field.Take(entry, _mine[field.Name].Trim()) is not { } taken)
                return (default, field);
            entry = taken;
        }
        return (entry, null);
    }

    /// <summary>Another saved first: this is what they made of it.</summary>
    public void Rebase(T current)
    {
        _theirs.Clear();
        foreach (var field in _register.Fields)
        {
            var (before, now) = (field.Show(Ground), field.Show(current));
            if (now == before || now == _mine[field.Name])
                continue;
            if (_mine[field.Name] == before)
                _mine[field.Name] = now;
            _theirs[field.Name] = now;
        }
        Ground = current;
    }

    public void TakeTheirs(string field)
    {
        _mine[field] = _theirs[field];
        _theirs.Remove(field);
    }
}
