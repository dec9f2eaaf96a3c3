using Penstock.Cli;

return await PenstockCommand.RunAsync(args, Console.Out, Console.Error);
