using System.Buffers;
using System.Globalization;
using System.Text;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Shapes;

/// <summary>Durations, sizes and amounts.</summary>
internal static class Quantities
{
    private const string DurationPattern = @"0|([0-9]+(\.[0-9]+)?(us|ms|s|m|h|d))+";

    // Longest first: "m" must not take the place of "ms".
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("us", TimeSpan.TicksPerMicrosecond),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
    ];

    private static readonly (string Unit, long Bytes)[] SizeUnits =
    [
        ("TiB", 1L << 40),
        ("GiB", 1L << 30),
        ("MiB", 1L << 20),
        ("KiB", 1L << 10),
        ("B", 1),
    ];

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>From zero to ten years.</summary>
    public static ScalarShape<TimeSpan> Duration { get; } = DurationFrom(TimeSpan.Zero, Longest, "duration");

    public static ScalarShape<TimeSpan> PositiveDuration { get; } =
        DurationFrom(TimeSpan.FromMicroseconds(1), Longest, "positive-duration");

    /// <summary>Whole seconds; or <c>forever</c>, which is null.</summary>
    public static ScalarShape<TimeSpan?> DurationOrForever { get; } =
        new(
            "a duration of whole seconds such as 90s or 5m, or forever",
            ParseDurationOrForever,
            FormatDurationOrForever
        )
        {
            Name = "duration-or-forever",
            Pattern = $"{DurationPattern}|forever",
            Examples = ["1m", "forever"],
        };

    /// <summary>From one second to a month.</summary>
    public static ScalarShape<TimeSpan> WholeSeconds { get; } =
        new("a duration of whole seconds, such as 30s or 15m, from 1s to 31d", ParseWholeSeconds, FormatDuration)
        {
            Name = "whole-seconds",
            Pattern = DurationPattern,
            Examples = ["30s", "15m"],
        };

    /// <summary>Bytes.</summary>
    public static ScalarShape<long> Size { get; } =
        new("a size such as 512, 64KiB or 1MiB", ParseSize, FormatSize)
        {
            Name = "size",
            Types = ["integer"],
            Pattern = "[0-9]+(B|KiB|MiB|GiB|TiB)?",
        };

    /// <summary>A number of things, or a share of them.</summary>
    public static ScalarShape<Amount> Amount { get; } =
        new("a number such as 2, or a share such as 60% or 0.6", ParseAmount, FormatAmount)
        {
            Name = "amount",
            Types = ["number"],
            Pattern = @"[0-9]+(\.[0-9]+)?%?",
            Minimum = 0,
        };

    /// <summary>A share of things, as a number from 0 to 1.</summary>
    public static ScalarShape<double> Share { get; } =
        new("a share such as 50% or 0.5", ParseShare, FormatShare)
        {
            Name = "share",
            Types = ["number"],
            Pattern = @"[0-9]+(\.[0-9]+)?%?",
            Minimum = 0,
            Maximum = 1,
            Examples = ["50%"],
        };

    /// <summary>A share of things, as a number from 0 to 1; or <c>off</c>, which is null.</summary>
    public static ScalarShape<double?> ShareOrOff { get; } =
        new("a share such as 50% or 0.5, or off", ParseShareOrOff, FormatShareOrOff)
        {
            Name = "share-or-off",
            Types = ["number"],
            Pattern = @"[0-9]+(\.[0-9]+)?%?|off",
            Minimum = 0,
            Maximum = 1,
            Examples = ["50%", "off"],
        };

    public static ScalarShape<TimeSpan> DurationFrom(TimeSpan minimum, TimeSpan maximum, string? name = null)
    {
        var bounds =
            minimum > TimeSpan.FromMicroseconds(1) || maximum < Longest
                ? $" from {FormatDuration(minimum)} to {FormatDuration(maximum)}"
            : minimum > TimeSpan.Zero ? " above 0"
            : "";
        return new($"a duration such as 250ms, 2s or 1m30s{bounds}", Parse, FormatDuration)
        {
            Name = name,
            // The one number is a bare 0, which needs no unit.
            Types = ["integer"],
            Minimum = 0,
            Maximum = 0,
            Pattern = DurationPattern,
            Examples = ["250ms", "2s", "5m"],
        };

        bool Parse(string text, out TimeSpan value, out string? why)
        {
            if (!TryParseDuration(text, out value, out why))
            {
                return false;
            }

            return value >= minimum && value <= maximum;
        }
    }

    public static string FormatDuration(TimeSpan duration)
    {
        var rest = duration.Ticks;
        if (rest == 0)
        {
            return "0s";
        }

        var text = new StringBuilder();
        foreach (var unit in (ReadOnlySpan<string>)["d", "h", "m", "s", "ms"])
        {
            var ticks = TicksOf(unit);
            if (rest >= ticks)
            {
                text.Append(rest / ticks).Append(unit);
                rest %= ticks;
            }
        }

        if (rest > 0)
        {
            // A tick is a tenth of a microsecond.
            text.Append((rest / 10m).ToString(CultureInfo.InvariantCulture)).Append("us");
        }

        return text.ToString();
    }

    private static bool TryParseDuration(ReadOnlySpan<char> text, out TimeSpan value, out string? why)
    {
        value = TimeSpan.Zero;
        why = null;
        if (text is "0")
        {
            return true;
        }

        var ticks = 0m;
        if (text.Length is 0 or > 64)
        {
            return false;
        }

        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(NumberCharacters);
            if (digits < 0)
            {
                why = "no unit";
                return false;
            }

            if (
                !decimal.TryParse(
                    text[..digits],
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var number
                )
                || number > long.MaxValue
            )
            {
                return false;
            }

            text = text[digits..];
            var unit = "";
            foreach (var (candidate, _) in Units)
            {
                if (text.StartsWith(candidate))
                {
                    unit = candidate;
                    break;
                }
            }

            if (unit.Length == 0)
            {
                why = "no such unit";
                return false;
            }

            ticks += number * TicksOf(unit);
            text = text[unit.Length..];
        }

        if (ticks > TimeSpan.MaxValue.Ticks)
        {
            why = "too long";
            return false;
        }

        value = new TimeSpan((long)ticks);
        return true;
    }

    private static bool ParseWholeSeconds(string text, out TimeSpan value, out string? why) =>
        TryParseDuration(text, out value, out why) && IsWholeSeconds(value, out why);

    private static bool IsWholeSeconds(TimeSpan value, out string? why)
    {
        why = value.Ticks % TimeSpan.TicksPerSecond != 0 ? "a fraction of a second" : null;
        return why is null && value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromDays(31);
    }

    private static bool ParseDurationOrForever(string text, out TimeSpan? value, out string? why)
    {
        (value, why) = (null, null);
        if (text == "forever")
        {
            return true;
        }

        var isDuration = ParseWholeSeconds(text, out var duration, out why);
        value = duration;
        return isDuration;
    }

    private static string FormatDurationOrForever(TimeSpan? duration) =>
        duration is { } some ? FormatDuration(some) : "forever";

    private static long TicksOf(string unit)
    {
        foreach (var (name, ticks) in Units)
        {
            if (name == unit)
            {
                return ticks;
            }
        }

        return 0;
    }

    private static bool ParseSize(string text, out long value, out string? why)
    {
        why = null;
        var factor = 1L;
        var number = text.AsSpan();
        foreach (var (unit, bytes) in SizeUnits)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
            {
                factor = bytes;
                number = number[..^unit.Length];
                break;
            }
        }

        if (number.IndexOfAnyExceptInRange('0', '9') > 0 && factor == 1)
        {
            why = "sizes count in powers of 1024";
        }

        if (
            !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            || value > long.MaxValue / factor
        )
        {
            return false;
        }

        value *= factor;
        return true;
    }

    private static string FormatSize(long size)
    {
        foreach (var (unit, bytes) in SizeUnits)
        {
            if (bytes > 1 && size >= bytes && size % bytes == 0)
            {
                return $"{size / bytes}{unit}";
            }
        }

        return $"{size}";
    }

    private static bool ParseAmount(string text, out Amount value, out string? why)
    {
        value = default;
        why = null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            value = Model.Values.Amount.OfCount(count);
            return true;
        }

        var percent = text.EndsWith('%');
        var number = percent ? text.AsSpan(0, text.Length - 1) : text;
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share))
        {
            return false;
        }

        share = percent ? share / 100 : share;
        if (share > 1)
        {
            why = "more than all";
            return false;
        }

        value = Model.Values.Amount.OfShare(share);
        return true;
    }

    private static bool ParseShareOrOff(string text, out double? value, out string? why)
    {
        (value, why) = (null, null);
        if (text == "off")
        {
            return true;
        }

        var isShare = ParseShare(text, out var share, out why);
        value = isShare ? share : null;
        return isShare;
    }

    private static bool ParseShare(string text, out double value, out string? why)
    {
        value = 0;
        if (!ParseAmount(text, out var amount, out why))
        {
            return false;
        }

        // A bare 0 or 1 reads as a number of things: here it is none or all of them.
        value = amount.Share ?? amount.Count;
        return value <= 1;
    }

    private static string FormatShareOrOff(double? share) => share is { } some ? FormatShare(some) : "off";

    private static string FormatShare(double share) => FormatAmount(Model.Values.Amount.OfShare(share));

    // 60% where that is exact, else the number itself, which reads back to the last bit.
    private static string FormatAmount(Amount amount)
    {
        if (amount.Share is not { } share)
        {
            return $"{amount.Count}";
        }

        var percent = amount.ToString();
        if (ParseAmount(percent, out var back, out _) && back == amount)
        {
            return percent;
        }

        // By way of a decimal, which is never written with an exponent.
        var exact = decimal.Parse(
            share.ToString("R", CultureInfo.InvariantCulture),
            NumberStyles.Float,
            CultureInfo.InvariantCulture
        );
        return exact.ToString("0.0###########################", CultureInfo.InvariantCulture);
    }
}
