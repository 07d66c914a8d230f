using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Fulcrum.Architecture.Tests.Rules;

/// <summary>What a built assembly says about itself in its metadata (ECMA-335); it is read, not loaded.</summary>
internal static class AssemblyRules
{
    private const string Loader = "NativeLibrary";

    /// <summary>Native functions that the assembly imports or looks up.</summary>
    public static IReadOnlyList<string> NativeImports(string file) =>
        Read(
            file,
            reader =>
            {
                var imports = new List<string>();
                foreach (var handle in reader.MethodDefinitions)
                {
                    var import = reader.GetMethodDefinition(handle).GetImport();
                    if (!import.Module.IsNil)
                    {
                        var module = reader.GetString(reader.GetModuleReference(import.Module).Name);
                        imports.Add($"{module}!{reader.GetString(import.Name)}");
                    }
                }

                if (
                    reader.TypeReferences.Any(type =>
                        reader.StringComparer.Equals(reader.GetTypeReference(type).Name, Loader)
                    )
                )
                {
                    imports.Add(Loader);
                }

                return imports;
            }
        );

    /// <summary>Imports of libraries that the project has no business with.</summary>
    public static IEnumerable<string> ForeignImports(
        string project,
        IEnumerable<string> imports,
        IReadOnlyDictionary<string, string[]> owners
    ) =>
        from import in imports
        where !owners.GetValueOrDefault(project, []).Contains(import.Split('!')[0], StringComparer.Ordinal)
        select $"{project} calls {import}";

    /// <summary>The assemblies that it uses.</summary>
    public static IReadOnlyList<string> References(string file) =>
        Read(
            file,
            reader =>
                reader
                    .AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))
                    .ToArray()
        );

    /// <summary>Assemblies (or families, by the first words of their names) that belong to others.</summary>
    public static IEnumerable<string> ForeignReferences(
        string project,
        IEnumerable<string> references,
        IReadOnlyDictionary<string, string[]> owners
    ) =>
        from reference in references
        from owner in owners
        where reference == owner.Key || reference.StartsWith(owner.Key + ".", StringComparison.Ordinal)
        where !owner.Value.Contains(project, StringComparer.Ordinal)
        select $"{project} uses {reference}, which belongs to {string.Join(", ", owner.Value)}";

    private static T Read<T>(string file, Func<MetadataReader, T> read)
    {
        using var image = new PEReader(File.OpenRead(file));
        return read(image.GetMetadataReader());
    }
}
