namespace Akira.Responder.Tests.Steps;

/// <summary>How a responder in this process reaches it. The rest is for tests of the built command too.</summary>
internal sealed partial class Sshd
{
    public SshOptions Options => new(Keys: PrivateKey, KnownHosts: KnownHosts);
}
