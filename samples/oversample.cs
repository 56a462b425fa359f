// Balances a table: the rows of a file, and as many synthetic ones as make every class as large as the largest.
//   dotnet run -c Release samples/oversample.cs tools/leocvae/Demo/breast-cancer.csv diagnosis balanced.csv
// Outside this repository: #:package LeoCvae.All@0.1.0 instead of the two projects.
#:project ../src/Training/LeoCvae.Training.csproj
#:project ../src/Tables/LeoCvae.Tables.csproj
#:property PublishAot=false
using LeoCvae;
using LeoCvae.Training;

if (args is not [string file, string target, string output])
{
    Console.Error.WriteLine("usage: oversample.cs TABLE TARGET OUTPUT");
    return 2;
}
Table table = TableFile.Read(file, target);
Table balanced = LeoTrainer.FitResample(table);
TableFile.Write(balanced, output, overwrite: true);
Console.WriteLine($"{table.RowCount} rows, {balanced.RowCount} with the synthetic ones");
return 0;
