using System.CommandLine;
using System.Text;
using Fulcrum.Api.Access;
using Fulcrum.Api.Access.Tokens;
using Fulcrum.Configuration;
using Fulcrum.Hosting;
using Fulcrum.Model.Access;
using Fulcrum.Model.Values;
using Fulcrum.Output;

namespace Fulcrum.Commands;

/// <summary>Makes, lists and revokes tokens, in the file that a node reads. The node need not run.</summary>
internal static class TokenCommands
{
    public static Command Create() =>
        new("token", "Make, list and revoke the tokens by which programs and people use the API over TCP.")
        {
            Make(),
            List(),
            Revoke(),
        };

    private static Command Make()
    {
        var name = Name();
        var role = new Option<string>("--role") { Description = "reader, operator or admin.", Required = true };
        role.AcceptOnlyFromAmong("reader", "operator", "admin");
        var select = new Option<Selector?>("--select")
        {
            Description = "Only objects with such labels: tier=web, or several with commas between them.",
            HelpName = "LABELS",
            CustomParser = result =>
            {
                if (SelectorText.TryParse(result.Tokens[0].Value, out var selector))
                {
                    return selector;
                }

                result.AddError($"--select: '{result.Tokens[0].Value}' is not {SelectorText.Expected}");
                return null;
            },
        };
        var expiry = CommonOptions.Duration("--for", "How long it counts: 12h, 90d. Default: until it is revoked.");
        var (file, state) = (TokensFile(), CommonOptions.State());
        var command = new Command("create", "Make a token and show it, once.")
        {
            name,
            role,
            select,
            expiry,
            file,
            state,
        };
        command.SetAction(result =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var secret = TokenSecret.Create();
            var token = new ApiToken
            {
                Name = result.GetValue(name)!,
                Role = AccessWords.Role(result.GetValue(role)!) ?? AccessRole.Reader,
                Scope = result.GetValue(select) ?? Selector.Everything,
                Created = now,
                Expires = result.GetValue(expiry) is { } span ? now + span : null,
                Sha256 = Convert.ToHexStringLower(TokenSecret.Hash(secret)),
            };
            var path = PathOf(result, file, state);
            return Add(path, token) is { } why
                ? Refuse(result, why)
                : Show(
                    result,
                    secret,
                    $"This is the token; it is kept nowhere. 'api: {{ tokens: {path} }}' lets a node take it."
                );
        });
        return command;
    }

    private static string? Add(string path, ApiToken token)
    {
        string? why = null;
        TokenFile.Change(
            path,
            now =>
            {
                why =
                    now.Tokens.Any(other => other.Name == token.Name)
                        ? $"there is a token '{token.Name}'; 'fulcrum token revoke {token.Name}' first, or take another name"
                    : now.Tokens.Count >= TokenFile.MostTokens
                        ? $"there are {TokenFile.MostTokens} tokens; 'fulcrum token revoke NAME' makes room"
                    : null;
                return why is null ? now with { Tokens = now.Tokens.Add(token) } : null;
            }
        );
        return why;
    }

    private static Command List()
    {
        var (file, state) = (TokensFile(), CommonOptions.State());
        var command = new Command("list", "Show the tokens there are: names, roles, and until when.") { file, state };
        command.SetAction(result =>
        {
            var path = PathOf(result, file, state);
            var tokens = TokenFile.Read(path);
            foreach (var problem in tokens.Problems)
            {
                result.InvocationConfiguration.Error.WriteLine($"{path}: {problem}");
            }

            var around = Surroundings.Of(result);
            var table = new Table(
                new("NAME") { Least = 12 },
                new("ROLE"),
                new("SELECT") { Optional = true, Least = 8 },
                new("CREATED") { Drop = 1 },
                new("EXPIRES")
            );
            var now = TimeProvider.System.GetUtcNow();
            foreach (var token in tokens.Tokens)
            {
                table.Add(
                    token.Name,
                    AccessWords.Of(token.Role),
                    token.Scope.Terms.IsEmpty ? "" : SelectorText.Format(token.Scope),
                    $"{token.Created:u}",
                    token.Expires is not { } expires ? "-"
                        : token.HasExpired(now) ? "expired"
                        : $"{expires:u}"
                );
            }

            var text = new StringBuilder();
            table.AppendTo(text, "", around.Look());
            result.InvocationConfiguration.Output.Write(text);
            return CommandLine.Fine;
        });
        return command;
    }

    private static Command Revoke()
    {
        var name = Name();
        var (file, state) = (TokensFile(), CommonOptions.State());
        var command = new Command("revoke", "Take a token back: a running node refuses it within a second.")
        {
            name,
            file,
            state,
        };
        command.SetAction(result =>
        {
            var path = PathOf(result, file, state);
            var wanted = result.GetValue(name)!;
            var isThere = false;
            TokenFile.Change(
                path,
                now =>
                {
                    var rest = now.Tokens.Where(token => token.Name != wanted).ToList();
                    isThere = rest.Count < now.Tokens.Count;
                    return isThere ? now with { Tokens = Items.From(rest) } : null;
                }
            );
            return isThere
                ? Show(result, $"{wanted}: revoked.", null)
                : Refuse(
                    result,
                    $"there is no token '{wanted}' in {path}; 'fulcrum token list' shows those that there are"
                );
        });
        return command;
    }

    private static int Show(ParseResult result, string text, string? aside)
    {
        result.InvocationConfiguration.Output.WriteLine(text);
        if (aside is not null)
        {
            result.InvocationConfiguration.Error.WriteLine(aside);
        }

        return CommandLine.Fine;
    }

    private static int Refuse(ParseResult result, string why)
    {
        result.InvocationConfiguration.Error.WriteLine($"Not done: {why}.");
        return CommandLine.NotSo;
    }

    private static string PathOf(ParseResult result, Option<string?> file, Option<string?> state) =>
        result.GetValue(file) is { } path
            ? Path.GetFullPath(path)
            : StateDirectory.Choose(result.GetValue(state)).Tokens;

    private static Option<string?> TokensFile() =>
        new("--file")
        {
            Description = "The file of tokens. Default: 'tokens' in the state directory.",
            HelpName = "FILE",
        };

    private static Argument<string> Name()
    {
        var name = new Argument<string>("NAME") { Description = "What people call it: who or what uses it." };
        name.Validators.Add(result =>
        {
            if (!TokenFile.IsName(result.Tokens[0].Value))
            {
                result.AddError($"'{result.Tokens[0].Value}' is not 1 to 63 letters, digits and . _ @ -");
            }
        });
        return name;
    }
}
