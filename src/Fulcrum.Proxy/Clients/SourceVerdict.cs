namespace Fulcrum.Proxy.Clients;

/// <summary>Whether a source may have one more session.</summary>
internal enum SourceVerdict
{
    Admitted,

    /// <summary>It has as many as it may have.</summary>
    TooMany,

    /// <summary>They come too fast.</summary>
    TooFast,

    /// <summary>Nothing can be remembered of it, because all that fits into the table have sessions.</summary>
    Crowded,
}
