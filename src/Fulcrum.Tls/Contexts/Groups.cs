using System.Text;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Contexts;

/// <summary>Groups for the exchange of keys, the best first: those of our list that this machine's library knows.</summary>
internal static unsafe class Groups
{
    private const int SetGroups = 92;

    private static readonly string[] Wanted = ["X25519MLKEM768", "X25519", "P-256", "P-384"];

    private static readonly Lazy<string> Known = new(Find);

    public static void Set(ContextHandle context)
    {
        if (!TrySet(context, Known.Value))
        {
            throw TlsException.FromLibrary($"the library refuses the groups {Known.Value}");
        }
    }

    private static string Find()
    {
        using var trial = new ContextHandle(Ssl.NewContext(Ssl.ServerMethod()));
        var known = Wanted.Where(group => TrySet(trial, group)).ToArray();
        Crypto.ClearErrors();
        return string.Join(':', known);
    }

    private static bool TrySet(ContextHandle context, string names)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(names + '\0'))
        {
            return Ssl.ControlContext(context, SetGroups, 0, text) == 1;
        }
    }
}
