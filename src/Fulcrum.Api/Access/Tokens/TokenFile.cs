using System.Text;
using System.Text.Json;
using Fulcrum.Configuration;
using Fulcrum.Linux;
using Fulcrum.Linux.Files;
using Fulcrum.Model.Values;

namespace Fulcrum.Api.Access.Tokens;

/// <summary>
/// The file that holds what is known of every token, one JSON object a line. A line that is not understood lets nobody
/// in and takes nobody else's token away.
/// </summary>
public sealed record TokenFile(Items<ApiToken> Tokens, Items<string> Problems)
{
    public const int MostTokens = 1000;

    private const int LongestFile = 1 << 20;
    private const int LongestName = 63;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    public static TokenFile Empty { get; } = new([], []);

    public static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '@');

    /// <summary>Any text is a file of tokens, though perhaps one of problems only.</summary>
    public static TokenFile Parse(string text)
    {
        var tokens = new List<ApiToken>();
        var problems = new List<string>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var hashes = new HashSet<string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsWhiteSpace())
            {
                continue;
            }

            var (token, why) = Read(line);
            why ??=
                tokens.Count == MostTokens ? $"there are more than {MostTokens} tokens"
                : !names.Add(token!.Name) ? $"there is a token '{token.Name}' above"
                : !hashes.Add(token.Sha256) ? "there is the same token above"
                : null;
            if (why is null)
            {
                tokens.Add(token!);
            }
            else
            {
                problems.Add($"line {number}: {why}");
            }
        }

        return new(Items.From(tokens), Items.From(problems));
    }

    /// <summary>Empty when there is no such file.</summary>
    /// <exception cref="IOException">It cannot be read, or others could read or change it.</exception>
    public static TokenFile Read(string path)
    {
        try
        {
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            if ((File.GetUnixFileMode(file.SafeFileHandle) & Others) != UnixFileMode.None)
            {
                throw new IOException($"{path}: others than its owner may read or change it; 'chmod 600 {path}'");
            }

            if (file.Length > LongestFile)
            {
                throw new IOException($"{path}: is longer than {LongestFile} bytes");
            }

            using var reader = new StreamReader(file);
            return Parse(reader.ReadToEnd());
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Empty;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>
    /// Reads, changes and writes it: whole or not at all, and not together with somebody else. The new file is made
    /// beside it for its owner alone, and takes its place when it is complete.
    /// </summary>
    /// <param name="change">Null: nothing is to be changed.</param>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static void Change(string path, Func<TokenFile, TokenFile?> change)
    {
        var beside = path + ".new";
        using var next = Claim(path, beside);
        var isDone = false;
        try
        {
            var now = Read(path);
            if (now.Problems.Count > 0)
            {
                throw new IOException($"{path}: {now.Problems[0]}; mend or remove that line first");
            }

            if (change(now) is { } changed)
            {
                next.Write(Encoding.UTF8.GetBytes(changed.ToText()));
                next.Flush(flushToDisk: true);
                Give(beside, path);
                File.Move(beside, path, overwrite: true);
                isDone = true;
            }
        }
        finally
        {
            if (!isDone)
            {
                File.Delete(beside);
            }
        }
    }

    private static FileStream Claim(string path, string beside)
    {
        try
        {
            return new(
                beside,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = OwnerOnly,
                }
            );
        }
        catch (IOException error) when (File.Exists(beside))
        {
            throw new IOException(
                $"{beside} is there: somebody changes {path} now, or was cut short; in that case remove {beside}",
                error
            );
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    // What root writes is still read by the user that the daemon runs as: the owner of what was there, or of the folder.
    private static void Give(string file, string path)
    {
        try
        {
            FileOwner.Copy(File.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!, file);
        }
        catch (LinuxException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    public string ToText() => string.Concat(Tokens.Select(token => Line(token) + "\n"));

    private static string Line(ApiToken token) =>
        JsonSerializer.Serialize(
            new()
            {
                Name = token.Name,
                Role = AccessWords.Of(token.Role),
                Select = token.Scope.Terms.IsEmpty ? null : SelectorText.Format(token.Scope),
                Created = token.Created,
                Expires = token.Expires,
                Sha256 = token.Sha256,
            },
            TokenJson.Default.TokenLine
        );

    private static (ApiToken? Token, string? Why) Read(ReadOnlySpan<char> line)
    {
        TokenLine? read;
        try
        {
            read = JsonSerializer.Deserialize(line, TokenJson.Default.TokenLine);
        }
        catch (JsonException)
        {
            // What it says could hold a part of the line.
            return (null, "is not understood");
        }

        if (read is null || !IsName(read.Name))
        {
            return (null, "has no usable name");
        }

        if (AccessWords.Role(read.Role) is not { } role)
        {
            return (null, $"'{read.Name}' has a role that is none of {AccessWords.Roles}");
        }

        var scope = Selector.Everything;
        if (read.Select is { } select && !SelectorText.TryParse(select, out scope))
        {
            return (null, $"'{read.Name}' has a 'select' that is not understood");
        }

        return read.Sha256.Length == 64 && read.Sha256.All(char.IsAsciiHexDigitLower)
            ? (
                new()
                {
                    Name = read.Name,
                    Role = role,
                    Scope = scope,
                    Created = read.Created,
                    Expires = read.Expires,
                    Sha256 = read.Sha256,
                },
                null
            )
            : (null, $"'{read.Name}' has no hash of 64 hexadecimal digits");
    }
}
