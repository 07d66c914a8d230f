using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Linux.Sockets;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Linux.Processes;

/// <summary>
/// Tells the service manager what we are doing, as sd_notify(3) describes it: datagrams to the socket that
/// <c>NOTIFY_SOCKET</c> names. Without one, and whatever goes wrong, nothing happens: being heard is not needed, and
/// nobody waits for who does not listen.
/// </summary>
/// <param name="socket">A path, or '@' and a name that stands in no file system; null: nobody listens.</param>
/// <param name="time">The clock whose timestamps are CLOCK_MONOTONIC, as the system's are.</param>
public sealed class ServiceManager(string? socket, TimeProvider time)
{
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(5);

    public static ServiceManager OfThisProcess { get; } =
        new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), TimeProvider.System);

    /// <summary>
    /// Within this time it wants to hear <see cref="Alive"/> again and again, or it ends and restarts us; null: it
    /// does not ask for that.
    /// </summary>
    public static TimeSpan? Patience { get; } =
        ReadPatience(
            Environment.GetEnvironmentVariable("WATCHDOG_USEC"),
            Environment.GetEnvironmentVariable("WATCHDOG_PID"),
            Environment.ProcessId
        );

    /// <summary>How many descriptors it keeps for us over a restart (FileDescriptorStoreMax=); 0: none.</summary>
    public static int StoreRoom { get; } =
        int.TryParse(
            Environment.GetEnvironmentVariable("FDSTORE"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var room
        )
            ? room
            : 0;

    /// <summary>The start, or the reload, is complete.</summary>
    /// <param name="status">One line for people, shown by <c>systemctl status</c>.</param>
    public void Ready(string status) => Tell($"READY=1\nSTATUS={OneLine(status)}");

    /// <summary>A reload begins. The time lets the manager tell this reload from the one before (sd_notify(3)).</summary>
    public void Reloading() => Tell($"RELOADING=1\nMONOTONIC_USEC={Microseconds(time.GetElapsedTime(0))}");

    /// <summary>The end begins, and may take so long.</summary>
    public void Stopping(string status, TimeSpan patience) =>
        Tell($"STOPPING=1\nSTATUS={OneLine(status)}\nEXTEND_TIMEOUT_USEC={Microseconds(patience)}");

    /// <summary>The end takes its time, and so much more from now on.</summary>
    public void Draining(string status, TimeSpan patience) =>
        Tell($"STATUS={OneLine(status)}\nEXTEND_TIMEOUT_USEC={Microseconds(patience)}");

    /// <summary>Another process is the service from now on, and says itself what it is doing.</summary>
    public void MainProcess(int process, string status) =>
        Tell(
            $"READY=1\nMAINPID={process.ToString(CultureInfo.InvariantCulture)}\nSTATUS={OneLine(status)}",
            waits: true
        );

    /// <summary>One line for people, shown by <c>systemctl status</c>.</summary>
    public void Status(string text) => Tell($"STATUS={OneLine(text)}");

    /// <summary>See <see cref="Patience"/>.</summary>
    public void Alive() => Tell("WATCHDOG=1");

    /// <summary>Another process's variables may have come to us: they count for the one that they name.</summary>
    internal static TimeSpan? ReadPatience(string? microseconds, string? process, int self)
    {
        var isOurs = process is null || process == self.ToString(CultureInfo.InvariantCulture);
        return
            isOurs
            && long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value is > 0 and < long.MaxValue / TimeSpan.TicksPerMicrosecond
            ? TimeSpan.FromMicroseconds(value)
            : null;
    }

    /// <summary>
    /// Gives it copies of descriptors, which the next start of the service gets back under this name. One that it has
    /// already is not kept twice.
    /// </summary>
    /// <param name="name">Up to 255 printable ASCII characters, and no colon.</param>
    public void Store(string name, ReadOnlySpan<int> descriptors)
    {
        if (socket is not { Length: > 1 })
        {
            return;
        }

        try
        {
            using var mouth = Open(waits: true);
            var to = SocketAddress.Unix(socket);
            var message = Encoding.UTF8.GetBytes($"FDSTORE=1\nFDNAME={OneLine(name)}");
            while (!descriptors.IsEmpty)
            {
                var some = descriptors[..Math.Min(descriptors.Length, DescriptorMessages.Most)];
                _ = DescriptorMessages.Send((int)mouth.Handle, message, some, to);
                descriptors = descriptors[some.Length..];
            }
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            // There is no descriptor left, or its name is longer than a socket may have.
        }
    }

    /// <summary>It need not keep those of this name any more.</summary>
    public void Forget(string name) => Tell($"FDSTOREREMOVE=1\nFDNAME={OneLine(name)}", waits: true);

    private void Tell(string message, bool waits = false)
    {
        if (socket is not { Length: > 1 })
        {
            return;
        }

        try
        {
            using var mouth = Open(waits);
            mouth.SendTo(
                Encoding.UTF8.GetBytes(message),
                new UnixDomainSocketEndPoint(socket[0] == '@' ? "\0" + socket[1..] : socket)
            );
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            // Nobody listens, does not read, or has a name longer than a socket may have.
        }
    }

    // What must be heard waits a moment for who is busy; all else can be said again, or is not worth it.
    private static Socket Open(bool waits) =>
        new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
        {
            Blocking = waits,
            SendTimeout = (int)MostPatience.TotalMilliseconds,
        };

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    // A line break would begin another message.
    private static string OneLine(string text) =>
        string.Create(
            text.Length,
            text,
            static (line, text) =>
            {
                for (var index = 0; index < text.Length; index++)
                {
                    line[index] = char.IsControl(text[index]) ? ' ' : text[index];
                }
            }
        );
}
