using System.Net;
using System.Text;
using Fulcrum.Kernel.Tests.Kit;

namespace Fulcrum.Kernel.Tests.Daemons;

/// <summary>A file of services that the kernel carries, and what ipvsadm has to show of them.</summary>
internal sealed class ServiceFile
{
    private readonly StringBuilder _services = new("services:\n");
    private readonly List<string> _expected = [];

    public IReadOnlyList<string> Expected => _expected;

    /// <summary>Adds a service at the address of a family.</summary>
    /// <param name="witness">How ipvsadm shows a server of it, behind its address.</param>
    public void Add(
        string name,
        bool isSix,
        ushort port,
        string words,
        ushort serverPort,
        RealServer[] servers,
        string witness
    )
    {
        var listen = new IPEndPoint(Lab.VipOf(isSix), port);
        var backends = servers.Select(server => new IPEndPoint(server.Address(isSix), serverPort)).ToArray();
        _services.AppendLine(
            $"""
              {name}{(isSix ? 6 : 4)}:
                listen: tcp://{listen}
                plane: ipvs
                {words}
                backends: [{string.Join(", ", backends.Select(backend => $"'{backend}'"))}]
            """
        );
        _expected.Add($"-A -t {listen} -s wrr");
        _expected.AddRange(backends.Select(backend => $"-a -t {listen} -r {backend} {witness}"));
    }

    public override string ToString() => _services.ToString();
}
