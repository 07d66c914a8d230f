using System.Globalization;
using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Services;

namespace Fulcrum.Configuration.Language;

internal static class AccessLogShape
{
    private const string StandardError = "stderr";

    private static readonly ScalarShape<int> Sample = new(
        "one of so many, such as 1/100",
        ParseSample,
        oneOf => string.Create(CultureInfo.InvariantCulture, $"1/{oneOf}")
    )
    {
        Name = "sample",
        Pattern = "1/[1-9][0-9]{0,6}",
        Examples = ["1/100"],
    };

    public static Shape<AccessLog?> Shape { get; } =
        new ObjectShape<AccessLog>("access-log", "A line for each session, when it has ended.", AccessLog.Default)
            .Field(
                "to",
                Scalars.FilePath,
                log => log.File ?? StandardError,
                (log, value) => log with { File = value == StandardError ? null : value },
                "stderr, or a file that lines are added to; it is opened anew when it was moved away, and on SIGHUP."
            )
            .Field(
                "format",
                Words.Of<LogFormat>(),
                log => log.Format,
                (log, value) => log with { Format = value },
                "A line of words, or a JSON object."
            )
            .Field(
                "sample",
                Sample,
                log => log.OneOf,
                (log, value) => log with { OneOf = value },
                "One session of so many, drawn by chance."
            )
            .OrSwitch();

    private static bool ParseSample(string text, out int value, out string? why)
    {
        (value, why) = (0, null);
        return text.StartsWith("1/", StringComparison.Ordinal)
            && text.Length <= 9
            && int.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value > 0;
    }
}
