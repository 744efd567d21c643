using Akira.Core.Incidents;
using Akira.Responder.Channels;
using Akira.Responder.Channels.Email;
using Microsoft.Extensions.Logging.Abstractions;

namespace Akira.Responder.Tests.Channels;

public sealed class EmailChannelTests : IAsyncLifetime
{
    private const string OnCall = """
        ## On-call

        | Name | Telegram | E-mail | Role |
        | --- | --- | --- | --- |
        | anna | - | anna@example.org | primary |
        | bruno | - | bruno@example.org | secondary |
        """;

    private static readonly Message Page = new(
        "INC-7",
        new Severity(1),
        "page",
        ["anna"],
        "opened",
        "no calls\r\nBcc: everybody@example.org",
        DateTimeOffset.UnixEpoch,
        4,
        "http://127.0.0.1:7400/incidents/INC-7"
    );

    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private RunningResponder _responder = null!;

    public async ValueTask InitializeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("akira-mail-").FullName;
        RunningResponder.WritePolicy(Path.Combine(folder, "runbooks"), RunningResponder.PolicyText);
        await File.WriteAllTextAsync(Path.Combine(folder, "runbooks", "platform.md"), OnCall, _cancel);
        _responder = await RunningResponder.Start(folder: folder);
    }

    public ValueTask DisposeAsync() => _responder.DisposeAsync();

    [Fact]
    public async Task A_page_arrives_at_those_who_are_paged_with_what_its_reader_needs()
    {
        using var server = new SmtpServer();

        Assert.IsType<Delivery.Delivered>(await Channel(server.Port).Deliver(Page, _cancel));

        var mail = Assert.Single(server.Mails);
        Assert.Equal("[SEV1 INC-7] no calls Bcc: everybody@example.org", mail.Subject);
        Assert.Equal("anna@example.org", Assert.Single(mail.To.Mailboxes).Address);
        Assert.Empty(mail.Bcc);
        Assert.Contains("ACK <name>", mail.TextBody);
        Assert.Contains("http://127.0.0.1:7400/incidents/INC-7", mail.TextBody);
    }

    [Fact]
    public async Task An_address_that_is_refused_keeps_the_page_from_nobody_else()
    {
        using var server = SmtpServer.Without("bruno@example.org");

        var delivery = await Channel(server.Port).Deliver(Page with { To = ["anna", "bruno"] }, _cancel);

        Assert.IsType<Delivery.Delivered>(delivery);
        Assert.Contains("anna@example.org", Assert.Single(server.Mails).Headers["X-RcptTo"]);
    }

    [Fact]
    public async Task When_no_address_is_taken_the_page_is_not_out_and_says_so()
    {
        using var server = SmtpServer.Without("anna@example.org");

        var delivery = Assert.IsType<Delivery.Permanent>(await Channel(server.Port).Deliver(Page, _cancel));

        Assert.Contains("anna@example.org", delivery.Error);
    }

    [Fact]
    public async Task A_repeated_page_has_the_same_id_and_stands_in_the_thread_of_its_incident()
    {
        using var server = new SmtpServer();
        var channel = Channel(server.Port);

        await channel.Deliver(Page, _cancel);
        await channel.Deliver(Page, _cancel);

        Assert.Single(server.Mails.Select(m => m.MessageId).Distinct());
        Assert.All(server.Mails, m => Assert.Equal("INC-7@akira", Assert.Single(m.References)));
    }

    [Fact]
    public async Task A_role_that_nobody_has_is_told_to_everybody()
    {
        using var server = new SmtpServer();

        await Channel(server.Port).Deliver(Page with { To = ["primary"] }, _cancel);

        Assert.Equal(2, Assert.Single(server.Mails).To.Mailboxes.Count());
    }

    [Fact]
    public async Task A_mail_that_the_server_will_never_take_is_given_up()
    {
        using var server = new SmtpServer("-s", "100");

        var delivery = Assert.IsType<Delivery.Permanent>(await Channel(server.Port).Deliver(Page, _cancel));

        Assert.Contains("552", delivery.Error);
    }

    [Fact]
    public async Task A_server_that_is_away_may_come_back()
    {
        int port;
        using (var server = new SmtpServer())
            port = server.Port;

        var delivery = Assert.IsType<Delivery.Transient>(await Channel(port).Deliver(Page, _cancel));

        Assert.Contains("cannot be reached", delivery.Error);
    }

    [Fact]
    public async Task A_server_without_encryption_is_not_used_unless_told_to()
    {
        using var server = new SmtpServer();
        var channel = new EmailChannel(
            new EmailOptions("127.0.0.1", server.Port),
            _responder.Desk,
            NullLogger<EmailChannel>.Instance
        );

        Assert.IsNotType<Delivery.Delivered>(await channel.Deliver(Page, _cancel));
        Assert.Empty(server.Mails);
    }

    private EmailChannel Channel(int port) =>
        new(
            new EmailOptions("127.0.0.1", port, "akira@example.org", Tls: "none"),
            _responder.Desk,
            NullLogger<EmailChannel>.Instance
        );
}
