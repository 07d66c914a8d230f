namespace Fulcrum.Output;

/// <summary>What a piece of text means to who reads it; a terminal shows it as a colour.</summary>
internal enum Tone
{
    Plain,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Not as it should be, or not known yet.</summary>
    Warning,

    /// <summary>Somebody has to look at it.</summary>
    Bad,

    /// <summary>Detail that may be skipped.</summary>
    Dim,

    /// <summary>A heading.</summary>
    Strong,
}
