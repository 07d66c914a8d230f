using Fulcrum.Output;

namespace Fulcrum.Getting;

/// <summary>One thing to know of an object: a column of the list, a line of its page.</summary>
/// <param name="Column">Where it stands in the list.</param>
/// <param name="Show">How it is shown; nothing where there is nothing to say.</param>
internal sealed record Field<T>(Column Column, Func<T, Look, Cell> Show)
{
    /// <summary>It moves while nothing happens: ages, counters. A live view does not tell of it.</summary>
    public bool Moves { get; init; }
}
