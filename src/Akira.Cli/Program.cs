using Akira.Cli.CommandLine;

return await Root.Run(args);
