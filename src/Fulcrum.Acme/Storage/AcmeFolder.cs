using System.Security.Cryptography;
using System.Text;
using Fulcrum.Model.Tls;

namespace Fulcrum.Acme.Storage;

/// <summary>
/// Where everything is kept below the state directory: certificates in <c>certificates/NAME.pem</c>, whoever issued
/// them; what belongs to one authority, our account's key and how each name stands there, in a folder of its own.
/// </summary>
internal sealed class AcmeFolder(string state, Uri directory)
{
    private readonly string _authority = Path.Join(state, "acme", FolderOf(directory));

    public string AccountKey => Path.Join(_authority, "account.pem");

    public static string CertificateOf(string state, string name) =>
        Path.Join(state, "certificates", AcmeSettings.FileNameOf(name));

    public string CertificateOf(string name) => CertificateOf(state, name);

    /// <exception cref="IOException">There is one that cannot be read.</exception>
    public NameRecord ReadRecord(string name) =>
        OwnedFile.Read(RecordOf(name)) is { } text ? NameRecord.Parse(text) ?? NameRecord.Empty : NameRecord.Empty;

    /// <exception cref="IOException">It could not be written.</exception>
    public void WriteRecord(string name, NameRecord record) => OwnedFile.Write(RecordOf(name), record.ToText());

    private string RecordOf(string name) =>
        Path.Join(_authority, "names", Path.ChangeExtension(AcmeSettings.FileNameOf(name), ".json"));

    // An authority may have several directories at one host: the name is for people, the digest makes it one.
    private static string FolderOf(Uri directory) =>
        $"{directory.IdnHost}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory.AbsoluteUri)))[..8]}";
}
