using System.Security.Cryptography;
using System.Text.Json;
using Akira.Http;
using Akira.Voice.Backend.Registers;
using Akira.Voice.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Voice.Backend.Access;

internal static class AccessEndpoints
{
    private const string FirstAdmin = "admin";

    public static void Map(IEndpointRouteBuilder app)
    {
        var session = app.MapGroup("/api/session").WithTags("Session");
        session
            .MapGet(
                "/ways",
                (BackendOptions options) =>
                    TypedResults.Ok(
                        options.Oidc.Authority is { Length: > 0 }
                            ? new WaysIn(true, options.Oidc.Name)
                            : new WaysIn(false, null)
                    )
            )
            .AllowAnonymous()
            .WithSummary("How one can log in");
        session
            .MapPost("", LogIn)
            .AllowAnonymous()
            .WithSummary("Logs in, by name and password or by a code that works once")
            .Accepts<Credentials>("application/json")
            .Produces<Session>();
        session
            .MapGet("", (HttpContext context) => TypedResults.Ok(Me(context)))
            .WithSummary("Who asks")
            .Produces<Who>();
        session.MapDelete("", LogOut).WithSummary("Logs out: the token counts no more");

        var accounts = app.MapGroup("/api/accounts").RequireAuthorization(Policies.Admin).WithTags("Accounts");
        accounts
            .MapGet(
                "",
                async (HttpContext context, Accounts all) => TypedResults.Ok(await all.List(context.RequestAborted))
            )
            .WithSummary("Who may log in");
        accounts.MapPost("", Create).WithSummary("Makes an account").Accepts<Account>("application/json");
        accounts
            .MapPut("/{name}", Change)
            .WithSummary("Changes role, password, or whether it is archived")
            .Accepts<Account>("application/json");

        var tokens = app.MapGroup("/api/tokens").RequireAuthorization(Policies.Admin).WithTags("Accounts");
        tokens
            .MapPost("", NewToken)
            .WithSummary("Makes a token for a program; its text is in this answer only")
            .Accepts<TokenRequest>("application/json")
            .Produces<NewToken>();
        tokens.MapDelete("/{name}", Revoke).WithSummary("Revokes a program's token");
    }

    private static Who Me(HttpContext context) =>
        new(
            Caller.NameOf(context),
            Policies.NameOf(Enum.GetValues<Role>().Last(r => context.User.IsInRole(r.ToString())))
        );

    private static async Task<IResult> LogIn(
        HttpContext context,
        Accounts accounts,
        Sessions sessions,
        FailedLogins failed,
        LoginLink link,
        AuditTrail trail,
        TimeProvider time
    )
    {
        var cancel = context.RequestAborted;
        var (posted, bad) = await JsonBody.Read(context, ManagementJson.Default.Credentials);
        if (bad is not null)
            return bad;
        if (posted!.Code is { Length: > 0 } code)
        {
            // Asked for before the code is spent: with the database away it holds for the next try.
            var isFirst = await accounts.IsEmpty(cancel);
            var session =
                isFirst && link.TryUse(code)
                    ? await FirstSession(accounts, sessions, cancel)
                    : await sessions.Exchange(code, cancel);
            if (session is not null)
                await Note(trail, session.Name, "login", "account", session.Name, null, time, cancel);
            return session is null
                ? BadLogin("That code was used already, or is too old. Log in anew.")
                : TypedResults.Ok(session);
        }
        if (Field.Text("name", posted.Name, Field.LongestName, isNeeded: true) is { } noName)
            return noName;
        if (posted.Password is not { Length: > 0 and <= Accounts.LongestPassword } password)
            return Problem.BadField("password", $"must have 1 to {Accounts.LongestPassword} characters");
        var name = posted.Name!.Trim();
        if (failed.WaitOf(name) is var wait && wait > TimeSpan.Zero)
            return Problem.Of(
                StatusCodes.Status429TooManyRequests,
                "too-many-logins",
                $"Too many wrong passwords for {name}. Try again in {Math.Ceiling(wait.TotalSeconds):0} seconds."
            ) with
            {
                RetryAfter = (int)Math.Ceiling(wait.TotalSeconds),
            };
        if (await accounts.Prove(name, password, cancel) is not { } role)
        {
            failed.Failed(name);
            return BadLogin("Name and password do not belong together.");
        }
        failed.Succeeded(name);
        await Note(trail, name, "login", "account", name, null, time, cancel);
        return TypedResults.Ok(await sessions.Begin(name, role, cancel));
    }

    private static async Task<Session?> FirstSession(Accounts accounts, Sessions sessions, CancellationToken cancel)
    {
        // A password that nobody knows: without one, OIDC would open it to whoever is called so there.
        await accounts.Create(new(FirstAdmin, "admin", RandomNumberGenerator.GetHexString(64)), cancel);
        return await sessions.Begin(FirstAdmin, Role.Admin, cancel);
    }

    private static async Task<IResult> LogOut(HttpContext context, Sessions sessions)
    {
        await sessions.End(BearerAuthentication.TokenOf(context.Request)!, context.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> Create(
        HttpContext context,
        Accounts accounts,
        AuditTrail trail,
        TimeProvider time
    )
    {
        var (posted, bad) = await JsonBody.Read(context, ManagementJson.Default.Account);
        if (bad is not null)
            return bad;
        if (Check(posted!) is { } wrong)
            return wrong;
        if (!await accounts.Create(posted!, context.RequestAborted))
            return Problem.Of(
                StatusCodes.Status409Conflict,
                "id-taken",
                $"There is an account {posted!.Name} already."
            ) with
            {
                Field = "name",
            };
        return await Told(context, trail, time, "create", posted!);
    }

    private static async Task<IResult> Change(
        HttpContext context,
        Accounts accounts,
        AuditTrail trail,
        TimeProvider time,
        string name
    )
    {
        var (posted, bad) = await JsonBody.Read(context, ManagementJson.Default.Account);
        if (bad is not null)
            return bad;
        var account = posted! with { Name = name };
        if (Check(account) is { } wrong)
            return wrong;
        if (name == Caller.NameOf(context) && (account.Archived || account.Role != "admin"))
            return Problem.Of(
                StatusCodes.Status409Conflict,
                "in-use",
                "You cannot take your own administration away: let another administrator do it."
            );
        return await accounts.Change(account, context.RequestAborted)
            ? await Told(context, trail, time, account.Archived ? "archive" : "change", account)
            : Problem.Of(StatusCodes.Status404NotFound, "not-found", $"There is no account {name}.");
    }

    private static async Task<IResult> NewToken(
        HttpContext context,
        Sessions sessions,
        AuditTrail trail,
        TimeProvider time
    )
    {
        var (posted, bad) = await JsonBody.Read(context, ManagementJson.Default.TokenRequest);
        if (bad is not null)
            return bad;
        if (Field.Id("name", posted!.Name) is { } wrong)
            return wrong;
        if (Policies.RoleOf(posted.Role) is not { } role)
            return BadRole;
        if (await sessions.NewProgramToken(posted.Name!, role, context.RequestAborted) is not { } token)
            return Problem.Of(
                StatusCodes.Status409Conflict,
                "id-taken",
                $"{posted.Name} has a token already: revoke it first, with DELETE /api/tokens/{posted.Name}"
            );
        var by = Caller.NameOf(context);
        await Note(trail, by, "create", "token", posted.Name!, null, time, context.RequestAborted);
        return TypedResults.Ok(new NewToken(posted.Name!, Policies.NameOf(role), token));
    }

    private static async Task<IResult> Revoke(
        HttpContext context,
        Sessions sessions,
        AuditTrail trail,
        TimeProvider time,
        string name
    )
    {
        if (!await sessions.Revoke(name, context.RequestAborted))
            return Problem.Of(StatusCodes.Status404NotFound, "not-found", "There is no token of that name.");
        await Note(trail, Caller.NameOf(context), "archive", "token", name, null, time, context.RequestAborted);
        return Results.NoContent();
    }

    private static Problem? Check(Account account) =>
        Field.Text("name", account.Name, Field.LongestName, isNeeded: true)
        ?? (Policies.RoleOf(account.Role) is null ? BadRole : null)
        ?? (
            account.Password is { Length: < Accounts.ShortestPassword or > Accounts.LongestPassword }
                ? Problem.BadField(
                    "password",
                    $"must have {Accounts.ShortestPassword} to {Accounts.LongestPassword} characters"
                )
                : null
        );

    private static async Task<IResult> Told(
        HttpContext context,
        AuditTrail trail,
        TimeProvider time,
        string what,
        Account account
    )
    {
        var shown = account with { Password = null };
        await Note(trail, Caller.NameOf(context), what, "account", account.Name, shown, time, context.RequestAborted);
        return TypedResults.Ok(shown);
    }

    private static Task Note(
        AuditTrail trail,
        string by,
        string what,
        string kind,
        string id,
        Account? after,
        TimeProvider time,
        CancellationToken cancel
    ) =>
        trail.Note(
            new(
                0,
                time.GetUtcNow(),
                by,
                what,
                kind,
                id,
                null,
                after is null ? null : JsonSerializer.SerializeToElement(after, ManagementJson.Default.Account)
            ),
            cancel
        );

    private static Problem BadRole { get; } = Problem.BadField("role", "must be viewer, operator or admin");

    private static Problem BadLogin(string sentence) =>
        Problem.Of(StatusCodes.Status401Unauthorized, "bad-login", sentence);
}
