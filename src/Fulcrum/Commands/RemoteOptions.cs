using System.CommandLine;
using Fulcrum.Hosting;

namespace Fulcrum.Commands;

/// <summary>Where the node is that commands talk to, and how to say who we are: for all commands alike.</summary>
internal static class RemoteOptions
{
    private static readonly Option<Uri?> Api = new("--api")
    {
        Description = "The node's API on TCP ($FULCRUM_API); default: the Unix socket in the state directory.",
        HelpName = "URL",
        Recursive = true,
        CustomParser = result =>
        {
            if (ApiTarget.UrlOf(result.Tokens[0].Value) is { } url)
            {
                return url;
            }

            result.AddError($"--api: '{result.Tokens[0].Value}' is not {ApiTarget.ExpectedUrl}");
            return null;
        },
    };

    private static readonly Option<string?> TokenFile = Path(
        "--token-file",
        "A file with our token ($FULCRUM_TOKEN_FILE, or the token itself in $FULCRUM_TOKEN)."
    );

    private static readonly Option<string?> Authorities = Path(
        "--ca",
        "Who signed the node's certificate (PEM); default: whom the system trusts."
    );

    private static readonly Option<string?> Certificate = Path("--cert", "Our certificate (PEM).");

    private static readonly Option<string?> Key = Path("--key", "Its key (PEM); default: in the same file.");

    public static void AddTo(RootCommand root)
    {
        root.Add(Api);
        root.Add(TokenFile);
        root.Add(Authorities);
        root.Add(Certificate);
        root.Add(Key);
    }

    public static void Take(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0)
        {
            ApiTarget.Given = new("")
            {
                Url = parsed.GetValue(Api),
                TokenFile = parsed.GetValue(TokenFile),
                Authorities = parsed.GetValue(Authorities),
                Certificate = parsed.GetValue(Certificate),
                Key = parsed.GetValue(Key),
            };
        }
    }

    private static Option<string?> Path(string name, string about) =>
        new(name)
        {
            Description = about,
            HelpName = "FILE",
            Recursive = true,
        };
}
