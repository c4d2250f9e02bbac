"""The networks of `bench speed` in PyTorch, timed on request.

Reads requests, one a line, from standard input and answers each with a line: the seconds that one unit took.
  step ROWS BATCH STEPS SIZE …                   a training step of a perceptron: SiLU between its layers, squared error, AdamW
  vae_epoch ROWS BATCH EPOCHS LATENT SIZE …      an epoch of a variational autoencoder; SIZE: features, then hidden layers
  vae_score ROWS LATENT SIZE …                   a row of its anomaly score, −log p(x, z) at the posterior mean
  vae_sample ROWS LATENT SIZE …                  a row drawn from it
  rbm_epoch ROWS BATCH EPOCHS FEATURES HIDDEN    processor time of an epoch of scikit-learn's BernoulliRBM, persistent contrastive divergence, float32
"""
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional

BATCH = 4096        # rows that are scored or drawn at a time
LOG_TWO_PI = math.log(2 * math.pi)


def perceptron(sizes):
    layers = []
    for before, after in zip(sizes, sizes[1:]):
        layers += [nn.Linear(before, after), nn.SiLU()]
    return nn.Sequential(*layers[:-1])


class Vae(nn.Module):
    """Gaussian decoder with one learned variance per feature."""

    def __init__(self, latent, features, *hidden):
        super().__init__()
        self.latent = latent
        self.encoder = perceptron([features, *hidden, 2 * latent])
        self.decoder = perceptron([latent, *reversed(hidden), features])
        self.log_variance = nn.Parameter(torch.zeros(features))
        self.whitening = torch.randn(features, features)

    def log_density(self, x, mean):
        squares = (x - mean).square() * (-self.log_variance).exp()
        return -0.5 * (squares + self.log_variance + LOG_TWO_PI).sum(-1)

    def loss(self, x):
        mean, log_variance = self.encoder(x).chunk(2, -1)
        z = mean + (log_variance / 2).exp() * torch.randn_like(mean)
        divergence = (mean.square() + log_variance.exp() - log_variance - 1).sum(-1) / 2
        return (divergence - self.log_density(x, self.decoder(z))).mean()

    def score(self, x):
        y = x @ self.whitening
        z = self.encoder(y).chunk(2, -1)[0]
        return z.square().sum(-1) / 2 - self.log_density(y, self.decoder(z))

    def sample(self, rows):
        mean = self.decoder(torch.randn(rows, self.latent))
        return (mean + (self.log_variance / 2).exp() * torch.randn_like(mean)) @ self.whitening


def train(network, loss, data, batch, steps):
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.01)
    done = 0
    while done < steps:
        order = torch.randperm(len(data))
        for first in range(0, len(data), batch):
            x = data[order[first:first + batch]]
            optimizer.zero_grad(set_to_none=True)
            loss(x).backward()
            optimizer.step()
            done += 1
            if done == steps:
                break


def seconds(work, *arguments):
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def step(rows, batch, steps, *sizes):
    network = perceptron(sizes)
    data = torch.randn(rows, sizes[0])
    loss = lambda x: functional.mse_loss(network(x), x)
    train(network, loss, data, batch, max(20, steps // 10))
    return seconds(train, network, loss, data, batch, steps) / steps


def vae_epoch(rows, batch, epochs, latent, *sizes):
    network = Vae(latent, *sizes)
    data = torch.randn(rows, sizes[0])
    train(network, network.loss, data, batch, 20)
    return seconds(train, network, network.loss, data, batch, epochs * math.ceil(rows / batch)) / epochs


@torch.no_grad()
def vae_score(rows, latent, *sizes):
    network = Vae(latent, *sizes)
    data = torch.randn(rows, sizes[0])
    score = lambda: [network.score(x) for x in data.split(BATCH)]
    score()
    return seconds(score) / rows


@torch.no_grad()
def vae_sample(rows, latent, *sizes):
    network = Vae(latent, *sizes)
    draw = lambda: [network.sample(min(BATCH, rows - first)) for first in range(0, rows, BATCH)]
    draw()
    return seconds(draw) / rows


def rbm_epoch(rows, batch, epochs, features, hidden):
    from sklearn.neural_network import BernoulliRBM
    data = (torch.rand(rows, features) < 0.2).float().numpy()
    started = time.process_time()
    BernoulliRBM(hidden, batch_size=batch, n_iter=epochs, random_state=0).fit(data)
    return (time.process_time() - started) / epochs


if __name__ == "__main__":
    torch.manual_seed(0)
    requests = {request.__name__: request for request in (step, vae_epoch, vae_score, vae_sample, rbm_epoch)}
    print("ready", torch.get_num_threads(), flush=True)
    for line in sys.stdin:
        name, *numbers = line.split()
        print(requests[name](*map(int, numbers)), flush=True)
