using Fulcrum.Engine.Inheriting;
using Fulcrum.Protocols.Handover;

namespace Fulcrum.Upgrading;

/// <summary>
/// The process whose place this one takes. It serves all the while, and whatever goes wrong here, it goes on as before:
/// so this one may fail at any moment, up to the one when it hears that the node is its own.
/// </summary>
internal sealed class Predecessor : IDisposable
{
    /// <summary>Names the descriptor of the channel; it is for this process alone.</summary>
    public const string Variable = "FULCRUM_HANDOVER";

    /// <summary>More than a hundred thousand checks and names take.</summary>
    private const int MostState = 128 << 20;

    /// <summary>Beside half a million connections there is room for no more.</summary>
    private const int MostSockets = 1 << 18;

    /// <summary>What the other side bounds, too: its bound is the operator's, this one only ends what hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>As long the order to stop at once may have to wait.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly HandoverLine _line;

    private Predecessor(HandoverLine line) => _line = line;

    /// <summary>What the upgrade is called.</summary>
    public string Upgrade { get; private set; } = "";

    /// <summary>Who wanted it.</summary>
    public string By { get; private set; } = "";

    /// <summary>Null: the node starts from nothing.</summary>
    public static Predecessor? Find() => HandoverLine.Find(Variable) is { } line ? new(line) : null;

    /// <summary>Nothing comes of it.</summary>
    public void Refuse(string reason) => _line.TryRefuse(reason);

    /// <summary>Says that this process is ready for it, and takes all that there is.</summary>
    /// <exception cref="HandoverException">The other process does not give it.</exception>
    public Legacy Take(string version)
    {
        _line.Send(new HandoverHello(HandoverCodec.Version, Environment.ProcessId, version));
        var (legacy, state, sockets) = (new Legacy(), new MemoryStream(), 0);
        var descriptors = new List<int>();
        while (true)
        {
            switch (_line.Receive(Patience, descriptors))
            {
                case HandoverSockets message when message.Names.Count == descriptors.Count && sockets < MostSockets:
                    foreach (var (name, descriptor) in message.Names.Zip(descriptors))
                    {
                        legacy.Add(name, descriptor);
                    }

                    sockets += descriptors.Count;
                    descriptors.Clear();
                    break;
                case HandoverState message when state.Length + message.Part.Length <= MostState:
                    state.Write(message.Part.Span);
                    break;
                case HandoverEnd end when end.Descriptors == sockets && end.StateBytes == state.Length:
                    (Upgrade, By) = (end.Upgrade, end.By);
                    legacy.Known =
                        InheritanceText.Read(state.ToArray())
                        ?? throw new HandoverException("what the other process knows is not understood");
                    return legacy;
                case null:
                    throw new HandoverException("the other process goes on as before");
                default:
                    throw new HandoverException("the other process does not keep to the order");
            }
        }
    }

    /// <summary>
    /// Says that every loop serves, and waits to hear that the node is this process's own. So it is, too, when the other
    /// process has ended: nobody else is left.
    /// </summary>
    /// <returns>False: the other process ended.</returns>
    /// <exception cref="HandoverException">The other process goes on as before, and this one has to go.</exception>
    public bool TakeOver()
    {
        try
        {
            _line.Send(new HandoverServing());
        }
        catch (HandoverException)
        {
            return false;
        }

        return _line.Receive(Patience, []) switch
        {
            HandoverOver => true,
            null => false,
            _ => throw new HandoverException("the other process does not keep to the order"),
        };
    }

    /// <summary>
    /// Waits until it has finished its sessions and ended. A service manager that stops the service ends all that is left
    /// of it when this process has ended, and with it whom the other one still serves.
    /// </summary>
    public Task<bool> HasEndedAsync(TimeSpan patience, CancellationToken stop) =>
        Task.Run(
            () =>
            {
                var began = TimeProvider.System.GetTimestamp();
                while (!stop.IsCancellationRequested && TimeProvider.System.GetElapsedTime(began) < patience)
                {
                    if (_line.HasEnded(Look))
                    {
                        return true;
                    }
                }

                return false;
            },
            CancellationToken.None
        );

    public void Dispose() => _line.Dispose();
}
