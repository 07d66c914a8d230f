namespace Fulcrum.Top;

/// <summary>What the view is sorted by; the greatest is first, names are in their order.</summary>
internal enum TopSort
{
    Name,
    Active,
    Sessions,
    In,
    Out,
}
