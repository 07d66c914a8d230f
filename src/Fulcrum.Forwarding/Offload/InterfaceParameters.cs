namespace Fulcrum.Forwarding.Offload;

/// <summary>What the kernel is told of an interface that decides where datagrams may go. It is read, and never changed.</summary>
internal sealed class InterfaceParameters(string root)
{
    /// <summary>The one of all interfaces counts as well.</summary>
    public bool AcceptsLocal(string name) => Is(Accept("all")) || Is(Accept(name));

    /// <summary>What is to be set so that packets of others may go on from there.</summary>
    public IEnumerable<string> NotForwarding(string name) =>
        new[] { $"net/ipv4/conf/{name}/forwarding", $"net/ipv6/conf/{name}/forwarding" }.Where(path =>
            File.Exists(Path.Join(root, path)) && !Is(path)
        );

    public static string Accept(string name) => $"net/ipv4/conf/{name}/accept_local";

    private bool Is(string path)
    {
        try
        {
            return File.ReadAllText(Path.Join(root, path)).AsSpan().Trim() is not "0";
        }
        catch (IOException)
        {
            // The interface is not there, or the machine knows no such family.
            return false;
        }
    }
}
