namespace Fulcrum.EndToEnd.Tests.FirstHour;

/// <summary>Something that the page has its reader do or look at; it knows its line of the page.</summary>
internal interface IBlock
{
    int Line { get; }
}
