using Demo;
using Demo.Images;
using Demo.Tasks;
using Microsoft.ML;

const string DebianFolder = "/usr/share/datasets/fashion-mnist";

string folder = args is [var given] ? given : DebianFolder;
if (!File.Exists(Path.Combine(folder, "train-images-idx3-ubyte.gz")))
{
    Console.Error.WriteLine($"demo: Fashion-MNIST is not in {folder}. Debian has it as dataset-fashion-mnist; or name the folder that has the four .gz files.");
    return 2;
}
string output = Directory.CreateDirectory("out").FullName;
var findings = new Findings();
var data = FashionMnist.Read(folder);
var ml = new MLContext(seed: 7);

using (var vae = Pictures.Train(ml, data, findings))
{
    Pictures.Draw(ml, vae, data, output, findings);
    Stream100000Rows.Run(vae, output, findings);
}
UnseenClass.Run(ml, data, findings);
RareClass.Run(ml, data, findings);

findings.Print(output);
return 0;
