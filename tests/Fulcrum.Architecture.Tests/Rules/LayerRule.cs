namespace Fulcrum.Architecture.Tests.Rules;

/// <summary>A project stands in a layer and references only smaller ones.</summary>
internal static class LayerRule
{
    public static IEnumerable<string> Violations(
        IEnumerable<ProjectFile> projects,
        IReadOnlyDictionary<string, int> layers
    )
    {
        foreach (var project in projects)
        {
            if (!layers.TryGetValue(project.Name, out var layer))
            {
                yield return $"{project.Name} stands in no layer";
                continue;
            }

            foreach (var reference in project.References)
            {
                if (!layers.TryGetValue(reference, out var other))
                {
                    yield return $"{project.Name} references {reference}, which stands in no layer";
                }
                else if (other >= layer)
                {
                    yield return $"{project.Name} (layer {layer}) references {reference} (layer {other})";
                }
            }
        }
    }
}
