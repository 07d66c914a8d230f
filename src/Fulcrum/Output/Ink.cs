namespace Fulcrum.Output;

/// <summary>Tones as a terminal takes them (ECMA-48 SGR). The sixteen colours follow the theme of who reads.</summary>
internal static class Ink
{
    public static string Paint(string text, Tone tone, Look look) =>
        !look.Colour || text.Length == 0 || tone == Tone.Plain ? text : $"\e[{Code(tone)}m{text}\e[0m";

    private static string Code(Tone tone) =>
        tone switch
        {
            Tone.Good => "32",
            Tone.Warning => "33",
            Tone.Bad => "31",
            Tone.Dim => "2",
            _ => "1",
        };
}
