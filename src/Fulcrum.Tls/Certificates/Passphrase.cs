using System.Text;
using Fulcrum.Model.Values;

namespace Fulcrum.Tls.Certificates;

/// <summary>Reads what a key is encrypted with.</summary>
internal static class Passphrase
{
    /// <exception cref="TlsException">It cannot be had.</exception>
    public static string Read(SecretReference reference) =>
        Encoding.UTF8.GetString(SecretBytes.Read(reference, "passphrase"));
}
