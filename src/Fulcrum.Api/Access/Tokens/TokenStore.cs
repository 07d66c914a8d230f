using System.Security.Cryptography;
using Fulcrum.Api.Listening;
using Fulcrum.Linux.Files;

namespace Fulcrum.Api.Access.Tokens;

/// <summary>
/// The tokens that count. The file is looked at by whoever follows the settings, and never by a request; a file that
/// cannot be read or that others may change lets nobody in.
/// </summary>
internal sealed class TokenStore
{
    private const string Key = "tokens";

    private volatile Known _known = new("", default, []);

    /// <summary>Reads the file if it is another one or was changed, and says what is wrong with it.</summary>
    public IReadOnlyList<ApiTrouble> Follow(string? path)
    {
        var known = _known;
        var stamp = path is null ? default : FileStamp.Of(path);
        if (known.Path == path && known.Stamp == stamp && known.IsWhole)
        {
            return known.Problems;
        }

        try
        {
            var file = path is null ? TokenFile.Empty : TokenFile.Read(path);
            known = new(path, stamp, [.. file.Tokens.Select(token => new Entry(token))])
            {
                Problems =
                    path is not null && stamp == default
                        ?
                        [
                            new(
                                Key,
                                $"{path}: there is no such file, so no token counts; 'fulcrum token create' makes it",
                                false
                            ),
                        ]
                        : [.. file.Problems.Select(problem => new ApiTrouble(Key, $"{path}: {problem}", false))],
            };
        }
        catch (IOException error)
        {
            known = new(path, stamp, []) { Problems = [new(Key, error.Message)], IsWhole = false };
        }

        _known = known;
        return known.Problems;
    }

    /// <summary>What is known of a token that somebody shows; null: nothing.</summary>
    public ApiToken? Find(string secret)
    {
        if (!TokenSecret.IsOne(secret))
        {
            return null;
        }

        var hash = TokenSecret.Hash(secret);
        ApiToken? found = null;
        foreach (var entry in _known.Entries)
        {
            // All of them, each in the same time: how long it takes tells nothing about what is kept.
            if (CryptographicOperations.FixedTimeEquals(entry.Hash, hash))
            {
                found = entry.Token;
            }
        }

        return found;
    }

    private sealed record Known(string? Path, FileStamp Stamp, Entry[] Entries)
    {
        public IReadOnlyList<ApiTrouble> Problems { get; init; } = [];

        public bool IsWhole { get; init; } = true;
    }

    private sealed class Entry(ApiToken token)
    {
        public ApiToken Token => token;

        public byte[] Hash { get; } = Convert.FromHexString(token.Sha256);
    }
}
