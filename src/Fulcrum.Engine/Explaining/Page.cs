using System.Text;

namespace Fulcrum.Engine.Explaining;

/// <summary>Text for a terminal: lines are broken between words, and go on a little further in.</summary>
internal sealed class Page
{
    public const int Width = 80;

    private readonly StringBuilder _text = new();

    /// <param name="indent">Of the first line.</param>
    /// <param name="text">One paragraph.</param>
    /// <param name="hang">How much further in the other lines begin.</param>
    public void Add(int indent, string text, int hang = 4)
    {
        _text.Append(' ', indent);
        var column = indent;
        var isFirst = true;
        foreach (var word in text.Split(' '))
        {
            if (!isFirst && column + 1 + word.Length > Width)
            {
                _text.Append('\n').Append(' ', indent + hang);
                column = indent + hang;
            }
            else if (!isFirst)
            {
                _text.Append(' ');
                column++;
            }

            _text.Append(word);
            column += word.Length;
            isFirst = false;
        }

        _text.Append('\n');
    }

    public override string ToString() => _text.ToString().TrimEnd('\n');
}
