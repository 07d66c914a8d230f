using System.Globalization;
using System.Text;

namespace Fulcrum.TestKit.Exposition;

/// <summary>
/// Reads OpenMetrics 1.0.0 or the text format 0.0.4 and forgives nothing: every line must be one that the ABNF allows,
/// families must not be interleaved, nor the series of a histogram; metadata comes before samples and once; there is no
/// series twice; names fit their types; buckets rise, and the last is the count; OpenMetrics ends with # EOF. Throws
/// <see cref="FormatException"/> with the line.
/// </summary>
public sealed class ExpositionParser
{
    private readonly bool _isOpen;
    private readonly List<ExpositionFamily> _families = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _series = new(StringComparer.Ordinal);
    private readonly List<ExpositionSample> _samples = [];
    private string _line = "";
    private int _number;
    private int _at;
    private string? _name;
    private string? _type;
    private string? _unit;
    private string? _help;
    private bool _ended;

    private ExpositionParser(bool isOpen) => _isOpen = isOpen;

    public static ExpositionPage Parse(ReadOnlySpan<byte> page, bool isOpen)
    {
        var parser = new ExpositionParser(isOpen);
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(page);
        parser.Check(text.Length == 0 || text.EndsWith('\n'), "the last line does not end");
        foreach (var line in text.Split('\n')[..^1])
        {
            parser.Read(line);
        }

        parser.Finish();
        parser.Check(!isOpen || parser._ended, "# EOF is missing");
        return new(parser._families);
    }

    private void Read(string line)
    {
        (_line, _at) = (line, 0);
        _number++;
        Check(!_ended, "something follows # EOF");
        Check(!line.Contains('\r', StringComparison.Ordinal), "a carriage return");
        if (line == "# EOF")
        {
            Check(_isOpen, "# EOF is OpenMetrics");
            _ended = true;
        }
        else if (line.StartsWith('#'))
        {
            ReadMetadata(line.Split(' ', 4));
        }
        else
        {
            ReadSample();
        }
    }

    private void ReadMetadata(string[] words)
    {
        Check(words is ["#", "HELP" or "TYPE" or "UNIT", _, _], "not # HELP|TYPE|UNIT NAME TEXT");
        var (keyword, name, text) = (words[1], words[2], words[3]);
        Check(IsName(name, colon: true), $"'{name}' is no name");
        if (name != _name)
        {
            Finish();
            (_name, _type, _unit, _help) = (name, null, null, null);
            Check(_names.Add(name), $"{name} comes a second time");
        }

        Check(_samples.Count == 0, "metadata after samples");
        switch (keyword)
        {
            case "HELP":
                Check(_help is null && _type is null, "HELP is second, or after TYPE");
                _help = Unescape(text, quotes: _isOpen);
                break;
            case "TYPE":
                Check(_type is null, "TYPE is second");
                Check(text is "counter" or "gauge" or "histogram", $"the type '{text}' is not expected here");
                _type = text;
                break;
            default:
                Check(_isOpen && _unit is null, "UNIT is second, or not OpenMetrics");
                Check(name.EndsWith($"_{text}", StringComparison.Ordinal), "the name does not end in its unit");
                _unit = text;
                break;
        }
    }

    private void ReadSample()
    {
        var name = Take(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or ':');
        Check(IsName(name, colon: true), $"'{name}' is no name");
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Peek == '{')
        {
            ReadLabels(labels);
        }

        Expect(' ');
        var value = Number(Take(letter => letter != ' '));
        Check(_at == _line.Length, "something follows the value");
        CheckName(name, labels, value);
        var key = name + string.Concat(labels.OrderBy(label => label.Key, StringComparer.Ordinal));
        Check(_series.Add(key), "this series is there already");
        _samples.Add(new(name, labels, value));
    }

    private void ReadLabels(Dictionary<string, string> labels)
    {
        Expect('{');
        do
        {
            Check(labels.Count == 0 || _line[_at - 1] == ',', "a comma");
            var key = Take(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
            Check(IsName(key, colon: false) && !key.StartsWith("__", StringComparison.Ordinal), $"label '{key}'");
            Expect('=');
            Expect('"');
            var from = _at;
            while (Peek != '"')
            {
                _at += Peek == '\\' ? 2 : 1;
            }

            Check(labels.TryAdd(key, Unescape(_line[from.._at], quotes: true)), $"label {key} is there already");
            Expect('"');
        } while (Peek == ',' && ++_at > 0);
        Expect('}');
    }

    private void CheckName(string name, Dictionary<string, string> labels, double value)
    {
        Check(_name is not null && _type is not null, "a sample without TYPE");
        var suffix = name.StartsWith(_name!, StringComparison.Ordinal) ? name[_name!.Length..] : "?";
        Check(
            _type switch
            {
                "counter" => suffix == (_isOpen ? "_total" : ""),
                "gauge" => suffix.Length == 0,
                _ => suffix is "_bucket" or "_count" or "_sum",
            },
            $"{name} is no sample of the {_type} {_name}"
        );
        Check(_type != "counter" || _isOpen || name.EndsWith("_total", StringComparison.Ordinal), "no _total");
        Check(labels.ContainsKey("le") == (suffix == "_bucket"), "le belongs to buckets, and only there");
        Check(_type == "gauge" || value >= 0, "less than nothing");
        Check(!double.IsNaN(value), "not a number");
    }

    private void Finish()
    {
        if (_name is null)
        {
            Check(_samples.Count == 0, "samples without metadata");
            return;
        }

        Check(_type is not null, $"{_name} has no TYPE");
        if (_type == "histogram")
        {
            CheckHistogram();
        }

        _families.Add(new(_name, _type!, _unit, _help, [.. _samples]));
        _samples.Clear();
        _name = null;
    }

    // The samples of one set of labels stand together: buckets that rise, count, sum.
    private void CheckHistogram()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < _samples.Count; )
        {
            var key = Without(_samples[at]);
            Check(seen.Add(key), $"{_name}{key} is torn apart");
            var (bound, count) = (double.NegativeInfinity, -1.0);
            for (; at < _samples.Count && _samples[at].Name == _name + "_bucket" && Without(_samples[at]) == key; at++)
            {
                var next = Number(_samples[at].Labels["le"]);
                Check(next > bound && _samples[at].Value >= count, $"buckets of {_name}{key} do not rise");
                (bound, count) = (next, _samples[at].Value);
            }

            Check(double.IsPositiveInfinity(bound), $"{_name}{key} has no bucket +Inf");
            foreach (var part in (string[])["_count", "_sum"])
            {
                Check(
                    at < _samples.Count && _samples[at].Name == _name + part && Without(_samples[at]) == key,
                    $"{_name}{key} has no {part}"
                );
                Check(part == "_sum" || _samples[at].Value == count, $"{_name}{key}: +Inf is not the count");
                at++;
            }
        }

        static string Without(ExpositionSample sample) =>
            string.Concat(
                sample.Labels.Where(label => label.Key != "le").OrderBy(label => label.Key, StringComparer.Ordinal)
            );
    }

    private string Unescape(string text, bool quotes)
    {
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter == '\\')
            {
                Check(++at < text.Length, "a backslash at the end");
                letter = text[at] switch
                {
                    'n' => '\n',
                    '\\' => '\\',
                    '"' when quotes => '"',
                    var other => throw Wrong($"\\{other} is no escape"),
                };
            }

            plain.Append(letter);
        }

        return plain.ToString();
    }

    private double Number(string text)
    {
        if (text is "+Inf" or "-Inf" or "NaN")
        {
            return text == "+Inf" ? double.PositiveInfinity
                : text == "NaN" ? double.NaN
                : double.NegativeInfinity;
        }

        Check(
            double.TryParse(
                text,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out var value
            ),
            $"'{text}' is no number"
        );
        return value;
    }

    private static bool IsName(string text, bool colon) =>
        text.Length > 0
        && !char.IsAsciiDigit(text[0])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_' || (colon && letter == ':'));

    private char Peek => _at < _line.Length ? _line[_at] : throw Wrong("the line ends too soon");

    private string Take(Func<char, bool> which)
    {
        var from = _at;
        while (_at < _line.Length && which(_line[_at]))
        {
            _at++;
        }

        return _line[from.._at];
    }

    private void Expect(char letter)
    {
        Check(Peek == letter, $"'{letter}' is expected at column {_at + 1}");
        _at++;
    }

    private void Check(bool isRight, string what)
    {
        if (!isRight)
        {
            throw Wrong(what);
        }
    }

    private FormatException Wrong(string what) => new($"line {_number}: {what}: {_line}");
}
