namespace Fulcrum.Engine.Ports;

/// <summary>
/// Holds objects of one kind in the world outside: addresses on interfaces, routes told to peers. The engine asks what
/// is there, compares, and changes the least, one object at a time; it waits and tries again when one fails. What is
/// not ours is never listed and never touched (design law 3).
/// </summary>
/// <typeparam name="T">Compares by value: an object equal to what is there is not written again.</typeparam>
public interface IObjectAdapter<T>
    where T : class
{
    /// <summary>All that is there now and ours, also from a former run.</summary>
    ValueTask<IReadOnlyList<T>> ReadAsync(CancellationToken cancellation);

    /// <summary>
    /// Makes it, or changes the one of the same key into it. Throws what is wrong, for people; and
    /// <see cref="StillComingException"/> for one that is under way and takes its time.
    /// </summary>
    ValueTask SetAsync(T wanted, CancellationToken cancellation);

    /// <summary>Takes it away. One that is gone already is no error.</summary>
    ValueTask RemoveAsync(T present, CancellationToken cancellation);

    /// <summary>
    /// Who is to be told when what is there changed without having been asked to, or when what failed may go well now.
    /// An adapter that never tells is read from time to time all the same.
    /// </summary>
    void Tell(Action changed) { }
}
