using System.Globalization;

namespace Fulcrum.Linux.Processes;

/// <summary>
/// Sockets that the service manager opened for us (sd_listen_fds(3)): descriptors from 3 on, whose number and names
/// stand in <c>LISTEN_FDS</c> and <c>LISTEN_FDNAMES</c>, for the process that <c>LISTEN_PID</c> names. They are taken
/// once: no program that we start inherits the descriptors, nor the variables that speak of them.
/// </summary>
public sealed class PassedSockets
{
    private const int First = 3;

    /// <summary>More than any unit passes or keeps; whatever else the number says, so many are looked at.</summary>
    private const int Most = 16384;

    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;
    private const int SocketLevel = 1;
    private const int AcceptsConnections = 30;
    private const int Domain = 39;
    private const int UnixDomain = 1;

    private readonly (string Name, int Descriptor)[] _sockets;

    private PassedSockets((string Name, int Descriptor)[] sockets) => _sockets = sockets;

    /// <summary>Names and descriptors of those that are not <paramref name="name"/>.</summary>
    public IReadOnlyList<(string Name, int Descriptor)> But(string name) =>
        [.. _sockets.Where(socket => socket.Name != name)];

    public static PassedSockets Take()
    {
        var named = Read(
            Environment.GetEnvironmentVariable("LISTEN_PID"),
            Environment.GetEnvironmentVariable("LISTEN_FDS"),
            Environment.GetEnvironmentVariable("LISTEN_FDNAMES"),
            Environment.ProcessId
        );
        foreach (var variable in (string[])["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"])
        {
            Environment.SetEnvironmentVariable(variable, null);
        }

        return new([
            .. named.Where(socket => Native.DescriptorControl(socket.Descriptor, SetDescriptorFlags, CloseOnExec) == 0),
        ]);
    }

    /// <summary>
    /// The listening Unix socket of a name; null: none was passed. One of another kind is a mistake of the unit: what
    /// may be said to whoever can open a file must not be said to whoever reaches a port.
    /// </summary>
    /// <returns>The descriptor, and a sentence when it cannot be used.</returns>
    public (int? Descriptor, string? Problem) FindUnix(string name)
    {
        var found = _sockets.Where(socket => socket.Name == name).Select(socket => (int?)socket.Descriptor).ToArray();
        return found switch
        {
            [] => (null, null),
            [{ } one] when Option(one, Domain) == UnixDomain && Option(one, AcceptsConnections) == 1 => (one, null),
            [_] => (
                null,
                $"the socket '{name}' that the service manager passed is no listening Unix socket; its unit needs ListenStream= with a path"
            ),
            _ => (
                null,
                $"the service manager passed {found.Length} sockets named '{name}'; expected one ListenStream="
            ),
        };
    }

    internal static (string Name, int Descriptor)[] Read(string? process, string? count, string? names, int self)
    {
        if (
            process != self.ToString(CultureInfo.InvariantCulture)
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
        {
            return [];
        }

        var given = names?.Split(':') ?? [];
        return
        [
            .. Enumerable
                .Range(0, Math.Min(number, Most))
                .Select(index => (index < given.Length ? given[index] : "", First + index)),
        ];
    }

    private static unsafe int Option(int descriptor, int name)
    {
        int value;
        var length = (uint)sizeof(int);
        return Native.GetSocketOption(descriptor, SocketLevel, name, &value, &length) == 0 ? value : -1;
    }
}
