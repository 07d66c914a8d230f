using System.Numerics;

namespace Fulcrum.Proxy.Clients;

/// <summary>
/// A bounded map from clients to what is known of them. Who has sessions is in use and stays; all others stand in the
/// order in which they were last used, and at the bound the one that was unseen for longest is forgotten. What is over
/// leaves a little at a time, whenever somebody comes. It grows to its bound as it is needed, and allocates nothing at
/// its working size. Not for several threads at once.
/// </summary>
internal sealed class ClientMap<T>(int capacity)
    where T : struct, IClientRecord
{
    private const int None = -1;
    private const int FirstSize = 16;

    /// <summary>More than one comes at a time, so that what is over goes faster than it comes.</summary>
    private const int SweptAtOnce = 2;

    private int[] _buckets = [None];
    private Slot[] _slots = [];
    private int _used;
    private int _free = None;
    private int _newest = None;
    private int _oldest = None;

    /// <summary>Clients that are known.</summary>
    public int Count { get; private set; }

    /// <summary>Clients that had to make room, or for whom there was none.</summary>
    public long Crowded { get; private set; }

    public ref T this[int slot] => ref _slots[slot].Value;

    /// <summary>
    /// The client's slot, which stays its own until it is released as often as it was taken; negative when all that
    /// there may be are in use.
    /// </summary>
    /// <param name="hash">Of the client.</param>
    /// <param name="now">In microseconds.</param>
    public int Take(UInt128 client, int hash, long now)
    {
        Sweep(now);
        var slot = Find(client, hash);
        if (slot >= 0)
        {
            if (_slots[slot].Users++ == 0)
            {
                Unlink(slot);
            }
            return slot;
        }
        slot = FreeSlot();
        if (slot < 0)
        {
            Crowded++;
            return None;
        }
        ref var bucket = ref BucketOf(hash);
        _slots[slot] = new Slot
        {
            Client = client,
            Hash = hash,
            Next = bucket,
            Users = 1,
        };
        bucket = slot;
        Count++;
        return slot;
    }

    /// <summary>One user less; true when it was the last.</summary>
    public bool Release(int slot)
    {
        ref var item = ref _slots[slot];
        if (--item.Users > 0)
        {
            return false;
        }
        (item.Newer, item.Older) = (None, _newest);
        if (_newest >= 0)
        {
            _slots[_newest].Newer = slot;
        }
        _newest = slot;
        _oldest = _oldest < 0 ? slot : _oldest;
        return true;
    }

    private int Find(UInt128 client, int hash)
    {
        var slot = BucketOf(hash);
        while (slot >= 0 && _slots[slot].Client != client)
        {
            slot = _slots[slot].Next;
        }
        return slot;
    }

    private void Sweep(long now)
    {
        for (var left = SweptAtOnce; left > 0 && _oldest >= 0 && _slots[_oldest].Value.IsOver(now); left--)
        {
            Forget(_oldest);
        }
    }

    private int FreeSlot()
    {
        if (_free < 0 && _used == _slots.Length)
        {
            if (_used < capacity)
            {
                Grow();
            }
            else if (_oldest >= 0)
            {
                Forget(_oldest);
                Crowded++;
            }
            else
            {
                return None;
            }
        }
        if (_free < 0)
        {
            return _used++;
        }
        var slot = _free;
        _free = _slots[slot].Next;
        return slot;
    }

    private void Forget(int slot)
    {
        Unlink(slot);
        ref var place = ref BucketOf(_slots[slot].Hash);
        while (place != slot)
        {
            place = ref _slots[place].Next;
        }
        place = _slots[slot].Next;
        _slots[slot] = new Slot { Next = _free };
        _free = slot;
        Count--;
    }

    private void Unlink(int slot)
    {
        var (newer, older) = (_slots[slot].Newer, _slots[slot].Older);
        if (newer >= 0)
        {
            _slots[newer].Older = older;
        }
        else
        {
            _newest = older;
        }
        if (older >= 0)
        {
            _slots[older].Newer = newer;
        }
        else
        {
            _oldest = newer;
        }
    }

    private void Grow()
    {
        Array.Resize(ref _slots, Math.Min(capacity, Math.Max(FirstSize, _slots.Length * 2)));
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)_slots.Length)];
        Array.Fill(_buckets, None);
        // It grows only when every slot is taken.
        for (var slot = 0; slot < _used; slot++)
        {
            ref var bucket = ref BucketOf(_slots[slot].Hash);
            _slots[slot].Next = bucket;
            bucket = slot;
        }
    }

    private ref int BucketOf(int hash) => ref _buckets[hash & (_buckets.Length - 1)];

    private struct Slot
    {
        public UInt128 Client;
        public T Value;
        public int Hash;
        public int Next;
        public int Users;
        public int Newer;
        public int Older;
    }
}
