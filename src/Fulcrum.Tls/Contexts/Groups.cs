using System.Runtime.InteropServices;
using System.Text;
using Fulcrum.Model.Values;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Contexts;

/// <summary>
/// Groups for the exchange of keys, the best first: those that somebody wants, else those of our list that this machine's
/// library knows.
/// </summary>
internal static unsafe class Groups
{
    private const int SetGroups = 92;

    /// <summary>Name, number and date.</summary>
    private const int VersionText = 0;

    private static readonly string[] Wanted = ["X25519MLKEM768", "X25519", "P-256", "P-384"];

    private static readonly Lazy<string> Known = new(Find);

    /// <exception cref="TlsException">The library does not know one of them.</exception>
    public static void Set(ContextHandle context, Items<string> wanted)
    {
        if (wanted.IsEmpty)
        {
            SetOwn(context);
            return;
        }
        using var trial = NewTrial();
        if (wanted.FirstOrDefault(group => !IsKnown(trial, group)) is { } unknown)
        {
            Crypto.ClearErrors();
            throw new TlsException(
                $"groups: {Version} does not know '{unknown}'; of the usual ones it knows {Known.Value.Replace(":", ", ", StringComparison.Ordinal)}"
            );
        }
        if (!TrySet(context, string.Join(':', wanted)))
        {
            throw TlsException.FromLibrary(
                $"groups: the library refuses {string.Join(", ", wanted)}; is one of them there twice?"
            );
        }
    }

    private static void SetOwn(ContextHandle context)
    {
        if (!TrySet(context, Known.Value))
        {
            throw TlsException.FromLibrary($"the library refuses the groups {Known.Value}");
        }
    }

    private static string Version => Marshal.PtrToStringUTF8((nint)Crypto.Version(VersionText))!;

    private static string Find()
    {
        using var trial = NewTrial();
        var known = Wanted.Where(group => TrySet(trial, group)).ToArray();
        Crypto.ClearErrors();
        return string.Join(':', known);
    }

    private static ContextHandle NewTrial() => new(Ssl.NewContext(Ssl.ServerMethod()));

    // In a list of the library's other letters have a meaning.
    private static bool IsKnown(ContextHandle trial, string group) =>
        group.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') && TrySet(trial, group);

    private static bool TrySet(ContextHandle context, string names)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(names + '\0'))
        {
            return Ssl.ControlContext(context, SetGroups, 0, text) == 1;
        }
    }
}
