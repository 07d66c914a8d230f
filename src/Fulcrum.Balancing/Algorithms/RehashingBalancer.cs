using Fulcrum.Balancing.Hashing;

namespace Fulcrum.Balancing.Algorithms;

/// <summary>
/// Algorithms whose hash leads straight to one backend. If that one has been tried or is full, the hash is mixed again:
/// every client has its own order of second choices, so a full backend's clients spread over all others. After a few
/// steps the rest is gone through in the order of the keys.
/// </summary>
internal abstract class RehashingBalancer(ReadOnlySpan<Candidate> candidates) : Balancer(Roster.ByKey(candidates))
{
    private const ulong MaxRehashes = 16;

    private protected sealed override int PickSlot(BalancerState state, in PickRequest request)
    {
        var slot = SlotOf(request.ClientHash);
        for (var rehash = 1UL; !Allows(slot, request); rehash++)
        {
            if (rehash > MaxRehashes)
            {
                return FirstAllowed(slot, request);
            }

            slot = SlotOf(Mixer.Mix(request.ClientHash, rehash));
        }

        return slot;
    }

    private protected abstract int SlotOf(ulong hash);
}
