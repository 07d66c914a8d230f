using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.Tls;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Contexts;

namespace Fulcrum.Fuzz;

/// <summary>A file of certificates and keys, or something that is none.</summary>
internal sealed class CertificateTarget : IFuzzTarget
{
    private const string Folder = "tests/Fulcrum.Fuzz/Corpus/certificate";

    /// <summary>The one of the corpus.</summary>
    public static readonly Lazy<LoadedCertificate> Certificate = new(() =>
        Load(File.ReadAllBytes(Repository.PathOf(Folder, "ecdsa.pem")))
    );

    private static readonly ClientSubjects Subjects = new([new ClientSubject(ClientSubjectKind.Uri, "urn:a")]);

    public string Name => "certificate";

    public IReadOnlyList<string> Corpus => [Folder];

    public void Run(ReadOnlySpan<byte> input)
    {
        // Asked in the middle of a handshake, where nothing may be thrown.
        _ = Subjects.Admit(input);
        try
        {
            var loaded = Load(input);
            _ = Subjects.Admit(loaded.Chain[0].Span);
            _ = TlsServer.Create(new TlsServerSettings { Certificates = [loaded] });
        }
        catch (TlsException)
        {
            // Told in words.
        }
    }

    private static LoadedCertificate Load(ReadOnlySpan<byte> input)
    {
        if (input is [0x30, ..])
        {
            return PackedCertificate.Read("input", input, "word");
        }
        var blocks = PemBlocks.Read("input", input);
        var chain = blocks.Where(block => block.IsCertificate).Select(block => (ReadOnlyMemory<byte>)block.Data);
        var key = blocks.FirstOrDefault(block => block.IsKey);
        return LoadedCertificate.Of("input", Items.From(chain), key is null ? default : key.Data);
    }
}
