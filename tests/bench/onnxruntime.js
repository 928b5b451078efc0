// SPDX-License-Identifier: Apache-2.0
// Runs an ONNX file in ONNX Runtime and compares its first output with an array:
//     node onnxruntime.js MODEL.onnx X.npy Y.npy [LIMIT]
// Prints the largest difference relative to the largest value; ends with 1 when it is beyond LIMIT (1e-5) or the file is not accepted.
// onnxruntime-node: `npm install --ignore-scripts onnxruntime-node` in any folder, whose node_modules NODE_PATH names.
'use strict';
const fs = require('fs');
const ort = require('onnxruntime-node');

/** An array of float32 or float64 in C order, as float32 with its shape. */
function readNpy(path) {
    const bytes = fs.readFileSync(path);
    if (bytes.subarray(0, 6).toString('latin1') !== '\x93NUMPY') throw new Error(`${path}: no .npy file`);
    const wide = bytes[6] > 1;
    const start = (wide ? 12 : 10) + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
    const header = bytes.subarray(wide ? 12 : 10, start).toString('latin1');
    const type = /'descr': *'<f([48])'/.exec(header);
    if (!type || !/'fortran_order': *False/.test(header)) throw new Error(`${path}: expected float32 or float64 in C order, found ${header}`);
    const shape = /'shape': *\(([^)]*)\)/.exec(header)[1].split(',').map(Number).filter((n) => n > 0);
    const size = Number(type[1]);
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (let i = 0; i < values.length; ++i) values[i] = size === 8 ? bytes.readDoubleLE(start + 8 * i) : bytes.readFloatLE(start + 4 * i);
    return {shape, values};
}

async function main([model, input, expected, limit]) {
    const session = await ort.InferenceSession.create(model);
    const x = readNpy(input), y = readNpy(expected);
    const outputs = await session.run({[session.inputNames[0]]: new ort.Tensor('float32', x.values, x.shape)});
    const got = outputs[session.outputNames[0]];
    if (got.data.length !== y.values.length) throw new Error(`expected shape ${y.shape}, found ${got.dims}`);
    let largest = 0, apart = 0;
    for (let i = 0; i < y.values.length; ++i) {
        largest = Math.max(largest, Math.abs(y.values[i]));
        apart = Math.max(apart, Math.abs(got.data[i] - y.values[i]));
    }
    console.log(`${model}: ${(apart / largest).toExponential(3)} of the largest value`);
    if (!(apart <= Number(limit ?? 1e-5) * largest)) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error) => {
    console.error(String(error));
    process.exitCode = 1;
});
