namespace Akira.Cli.CommandLine;

/// <summary>What the shell is told.</summary>
internal static class Exit
{
    public const int Ok = 0;

    /// <summary>A finding, a failed check or test, or a refusal by the responder.</summary>
    public const int Negative = 1;

    /// <summary>The command line or a setting cannot be understood.</summary>
    public const int Usage = 2;

    /// <summary>What the command needs is not there: the responder, or a program.</summary>
    public const int Unavailable = 3;
}
