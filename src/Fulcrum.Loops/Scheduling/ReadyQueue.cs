namespace Fulcrum.Loops.Scheduling;

/// <summary>Objects that want another turn, in order, linked through themselves.</summary>
internal sealed class ReadyQueue
{
    private LoopObject? _first;
    private LoopObject? _last;

    public int Count { get; private set; }

    public void Add(LoopObject item)
    {
        if (item.IsReady)
        {
            return;
        }
        item.IsReady = true;
        item.ReadyPrevious = _last;
        if (_last is null)
        {
            _first = item;
        }
        else
        {
            _last.ReadyNext = item;
        }
        _last = item;
        Count++;
    }

    public void Remove(LoopObject item)
    {
        if (!item.IsReady)
        {
            return;
        }
        if (item.ReadyPrevious is null)
        {
            _first = item.ReadyNext;
        }
        else
        {
            item.ReadyPrevious.ReadyNext = item.ReadyNext;
        }
        if (item.ReadyNext is null)
        {
            _last = item.ReadyPrevious;
        }
        else
        {
            item.ReadyNext.ReadyPrevious = item.ReadyPrevious;
        }
        item.ReadyNext = item.ReadyPrevious = null;
        item.IsReady = false;
        Count--;
    }

    public LoopObject? Take()
    {
        var item = _first;
        if (item is not null)
        {
            Remove(item);
        }
        return item;
    }
}
