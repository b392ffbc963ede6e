// Runs pytest in Pyodide, Python in WebAssembly, under node: node --stack-size=6000 run.mjs PYODIDE SITE TESTS FILE...
//
// PYODIDE is the folder of npm's package; SITE has the wheels of symcnn, SymPy, mpmath and pytest, unpacked; TESTS is
// the folder of the tests, and the files are named from there. Nothing is fetched.
import { pathToFileURL } from "node:url";

const [pyodide, site, tests, ...files] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`).href);
const python = await loadPyodide();
python.mountNodeFS("/site", site);
python.mountNodeFS("/tests", tests);
python.globals.set("files", python.toPy(files));
try {
  const code = python.runPython(`
import os, sys
sys.path.insert(0, "/site")
os.chdir("/tests")
import pytest
pytest.main(["-q", "-W", "error", "-W", "ignore::pytest.PytestUnknownMarkWarning", "-m", "not torch",
             "-p", "no:cacheprovider", "-o", "pythonpath=/tests", *files])
`);
  process.exit(Number(code));
} catch (error) {
  console.error(String(error.message).slice(-2000)); // Without it, node prints all of Pyodide's source.
  process.exit(3);
}
