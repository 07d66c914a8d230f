namespace Fulcrum.Configuration;

public enum ConfigurationFormat
{
    Yaml,
    Json,
}
