using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Fulcrum.Api.OpenApi;

/// <summary>What the sources say about types and properties: the compiler writes it down beside the assembly.</summary>
internal sealed partial class DocumentationFile
{
    private readonly Dictionary<string, XElement> _members;

    private DocumentationFile(Dictionary<string, XElement> members) => _members = members;

    /// <summary>Reads what stands beside these assemblies.</summary>
    public static DocumentationFile Read(params IEnumerable<string> files) =>
        new(
            files
                .SelectMany(file => XDocument.Load(file).Descendants("member"))
                .ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal)
        );

    public string? Of(Type type) => Text(_members.GetValueOrDefault("T:" + NameOf(type))?.Element("summary"));

    public string? Of(PropertyInfo property)
    {
        var type = NameOf(property.DeclaringType!);
        return Text(_members.GetValueOrDefault($"P:{type}.{property.Name}")?.Element("summary"))
            ?? Text(
                _members
                    .GetValueOrDefault("T:" + type)
                    ?.Elements("param")
                    .FirstOrDefault(param => (string?)param.Attribute("name") == property.Name)
            );
    }

    private static string NameOf(Type type) =>
        (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string? Text(XElement? element) =>
        element is null ? null : Spaces().Replace(string.Concat(element.Nodes().Select(Text)).Trim(), " ");

    private static string Text(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } see => ((string?)see.Attribute("cref"))?.Split('.')[^1] ?? "",
            XElement other => other.Value,
            _ => "",
        };

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
