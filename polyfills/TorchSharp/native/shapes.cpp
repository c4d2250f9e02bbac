// The same values in another shape or order: views, indexing, joining, splitting.
#include "abi.h"
#include <ATen/TensorIndexing.h>

EXPORT Handle ts_view(In a, Ints size) { return made([&] { return a->view(size); }); }
EXPORT Handle ts_reshape(In a, Ints size) { return made([&] { return a->reshape(size); }); }
EXPORT Handle ts_flatten(In a, int64_t start, int64_t end) { return made([&] { return a->flatten(start, end); }); }
EXPORT Handle ts_unflatten(In a, int64_t dim, Ints sizes) {
    return made([&] {
        auto size = a->sizes().vec();
        dim = dim < 0 ? dim + a->dim() : dim;
        TORCH_CHECK_INDEX(dim >= 0 && dim < a->dim(), "unflatten: no such dimension: ", dim);
        size.erase(size.begin() + dim);
        size.insert(size.begin() + dim, sizes.p, sizes.p + sizes.n);
        return a->view(size);
    });
}
EXPORT Handle ts_squeeze(In a, MaybeInt dim) { return made([&] { return dim.present ? a->squeeze(dim.value) : a->squeeze(); }); }
EXPORT bool ts_squeeze_(In a, MaybeInt dim) { return done([&] { dim.present ? a->squeeze_(dim.value) : a->squeeze_(); }); }
EXPORT Handle ts_unsqueeze(In a, int64_t dim) { return made([&] { return a->unsqueeze(dim); }); }
EXPORT bool ts_unsqueeze_(In a, int64_t dim) { return done([&] { a->unsqueeze_(dim); }); }
EXPORT Handle ts_transpose(In a, int64_t d0, int64_t d1) { return made([&] { return a->transpose(d0, d1); }); }
EXPORT bool ts_transpose_(In a, int64_t d0, int64_t d1) { return done([&] { a->transpose_(d0, d1); }); }
EXPORT Handle ts_t(In a) { return made([&] { return a->t(); }); }
EXPORT Handle ts_numpy_T(In a) { return made([&] { return a->numpy_T(); }); }
EXPORT Handle ts_permute(In a, Ints dims) { return made([&] { return a->permute(dims); }); }
EXPORT Handle ts_movedim(In a, Ints source, Ints destination) { return made([&] { return a->movedim(source, destination); }); }
EXPORT Handle ts_expand(In a, Ints size, bool implicit) { return made([&] { return a->expand(size, implicit); }); }
EXPORT Handle ts_repeat(In a, Ints sizes) { return made([&] { return a->repeat(sizes); }); }
EXPORT Handle ts_tile(In a, Ints sizes) { return made([&] { return a->tile(sizes); }); }
EXPORT Handle ts_repeat_interleave(In a, int64_t repeats, MaybeInt dim, MaybeInt size) {
    return made([&] { return a->repeat_interleave(repeats, dim, size); });
}
EXPORT Handle ts_repeat_interleave_tensor(In a, In repeats, MaybeInt dim, MaybeInt size) {
    return made([&] { return a->repeat_interleave(repeats.get(), dim, size); });
}
EXPORT Handle ts_narrow(In a, int64_t dim, int64_t start, int64_t length) { return made([&] { return a->narrow(dim, start, length); }); }
EXPORT Handle ts_slice(In a, int64_t dim, int64_t start, int64_t finish, int64_t step) {
    return made([&] { return a->slice(dim, start, finish, step); });
}
EXPORT Handle ts_select(In a, int64_t dim, int64_t index) { return made([&] { return a->select(dim, index); }); }
EXPORT Handle ts_as_strided(In a, Ints size, Ints strides, int64_t offset) {
    return made([&] { return a->as_strided(size, strides, offset); });
}
EXPORT Handle ts_unfold(In a, int64_t dim, int64_t size, int64_t step) { return made([&] { return a->unfold(dim, size, step); }); }
EXPORT Handle ts_roll(In a, Ints shifts, Ints dims) { return made([&] { return a->roll(shifts, dims); }); }
EXPORT Handle ts_flip(In a, Ints dims) { return made([&] { return a->flip(dims); }); }
EXPORT Handle ts_rot90(In a, int64_t k, Ints dims) { return made([&] { return a->rot90(k, dims); }); }
EXPORT Handle ts_tril(In a, int64_t diagonal) { return made([&] { return a->tril(diagonal); }); }
EXPORT Handle ts_triu(In a, int64_t diagonal) { return made([&] { return a->triu(diagonal); }); }
EXPORT bool ts_tril_(In a, int64_t diagonal) { return done([&] { a->tril_(diagonal); }); }
EXPORT bool ts_triu_(In a, int64_t diagonal) { return done([&] { a->triu_(diagonal); }); }
EXPORT Handle ts_diag(In a, int64_t diagonal) { return made([&] { return a->diag(diagonal); }); }
EXPORT Handle ts_diagflat(In a, int64_t offset) { return made([&] { return a->diagflat(offset); }); }
EXPORT Handle ts_diagonal(In a, int64_t offset, int64_t d1, int64_t d2) { return made([&] { return a->diagonal(offset, d1, d2); }); }
EXPORT Handle ts_diag_embed(In a, int64_t offset, int64_t d1, int64_t d2) { return made([&] { return a->diag_embed(offset, d1, d2); }); }

EXPORT Handle ts_index_select(In a, int64_t dim, In index) { return made([&] { return a->index_select(dim, index); }); }
EXPORT Handle ts_index_copy(In a, int64_t dim, In index, In source) { return made([&] { return a->index_copy(dim, index, source); }); }
EXPORT bool ts_index_copy_(In a, int64_t dim, In index, In source) { return done([&] { a->index_copy_(dim, index, source); }); }
EXPORT Handle ts_index_add(In a, int64_t dim, In index, In source, Num alpha) {
    return made([&] { return a->index_add(dim, index, source, alpha); });
}
EXPORT bool ts_index_add_(In a, int64_t dim, In index, In source, Num alpha) {
    return done([&] { a->index_add_(dim, index, source, alpha); });
}
EXPORT Handle ts_index_fill(In a, int64_t dim, In index, Num value) {
    return made([&] { return a->index_fill(dim, index, at::Scalar(value)); });
}
EXPORT bool ts_index_fill_(In a, int64_t dim, In index, Num value) { return done([&] { a->index_fill_(dim, index, at::Scalar(value)); }); }
EXPORT Handle ts_gather(In a, int64_t dim, In index) { return made([&] { return a->gather(dim, index); }); }
EXPORT Handle ts_take(In a, In index) { return made([&] { return a->take(index); }); }
EXPORT Handle ts_take_along_dim(In a, In index, MaybeInt dim) { return made([&] { return a->take_along_dim(index, dim); }); }
EXPORT Handle ts_scatter(In a, int64_t dim, In index, In src) { return made([&] { return a->scatter(dim, index, src.get()); }); }
EXPORT bool ts_scatter_(In a, int64_t dim, In index, In src) { return done([&] { a->scatter_(dim, index, src.get()); }); }
EXPORT Handle ts_scatter_add(In a, int64_t dim, In index, In src) { return made([&] { return a->scatter_add(dim, index, src); }); }
EXPORT bool ts_scatter_add_(In a, int64_t dim, In index, In src) { return done([&] { a->scatter_add_(dim, index, src); }); }
EXPORT Handle ts_masked_fill(In a, In mask, Num value) { return made([&] { return a->masked_fill(mask, at::Scalar(value)); }); }
EXPORT bool ts_masked_fill_(In a, In mask, Num value) { return done([&] { a->masked_fill_(mask, at::Scalar(value)); }); }
EXPORT Handle ts_masked_select(In a, In mask) { return made([&] { return a->masked_select(mask); }); }
EXPORT Handle ts_masked_scatter(In a, In mask, In value) { return made([&] { return a->masked_scatter(mask, value); }); }
EXPORT bool ts_masked_scatter_(In a, In mask, In value) { return done([&] { a->masked_scatter_(mask, value); }); }
EXPORT Handle ts_select_scatter(In a, In src, int64_t dim, int64_t index) {
    return made([&] { return at::select_scatter(a, src, dim, index); });
}
EXPORT Handle ts_slice_scatter(In a, In src, int64_t dim, MaybeInt start, MaybeInt end, int64_t step) {
    return made([&] { return at::slice_scatter(a, src, dim, start, end, step); });
}

EXPORT Handle ts_cat(Ins tensors, int64_t dim) { return made([&] { return at::cat(at::TensorList(tensors), dim); }); }
EXPORT Handle ts_stack(Ins tensors, int64_t dim) { return made([&] { return at::stack(tensors, dim); }); }
EXPORT Handle ts_hstack(Ins tensors) { return made([&] { return at::hstack(tensors); }); }
EXPORT Handle ts_vstack(Ins tensors) { return made([&] { return at::vstack(tensors); }); }
EXPORT Handle ts_dstack(Ins tensors) { return made([&] { return at::dstack(tensors); }); }
EXPORT Handle ts_column_stack(Ins tensors) { return made([&] { return at::column_stack(tensors); }); }
EXPORT Handle ts_block_diag(Ins tensors) { return made([&] { return at::block_diag(tensors); }); }
EXPORT Handle ts_cartesian_prod(Ins tensors) { return made([&] { return at::cartesian_prod(tensors); }); }
EXPORT Handle ts_combinations(In a, int64_t r, bool replacement) { return made([&] { return at::combinations(a, r, replacement); }); }
EXPORT Many ts_split(In a, int64_t size, int64_t dim) { return many([&] { return a->split(size, dim); }); }
EXPORT Many ts_split_sizes(In a, Ints sizes, int64_t dim) { return many([&] { return a->split_with_sizes(sizes, dim); }); }
EXPORT Many ts_tensor_split(In a, int64_t sections, int64_t dim) { return many([&] { return a->tensor_split(sections, dim); }); }
EXPORT Many ts_tensor_split_at(In a, Ints indices, int64_t dim) {
    return many([&] { return a->tensor_split(at::IntArrayRef(indices), dim); });
}
EXPORT Many ts_chunk(In a, int64_t chunks, int64_t dim) { return many([&] { return a->chunk(chunks, dim); }); }
EXPORT Many ts_unbind(In a, int64_t dim) { return many([&] { return a->unbind(dim); }); }
EXPORT Many ts_meshgrid(Ins tensors, bool xy) { return many([&] { return at::meshgrid(tensors, xy ? "xy" : "ij"); }); }
EXPORT Many ts_broadcast_tensors(Ins tensors) { return many([&] { return at::broadcast_tensors(tensors); }); }

struct Index {                             // one place of an index expression
    int64_t kind;                          // 0 none, 1 ellipsis, 2 integer, 3 boolean, 4 slice, 5 tensor
    int64_t start, stop, step;             // INT64_MIN: not given
    Handle tensor;
};

// Later versions of libtorch take SymInt here, beside an int that an int64_t would silently be cut to.
template <class Result, class Wide = c10::SymInt> static Result number(int64_t i) {
    if constexpr (std::is_constructible_v<Result, Wide>) return Result(Wide(i)); else return Result(i);
}

static std::vector<at::indexing::TensorIndex> indices(const Index* p, int64_t n) {
    auto bound = [](int64_t v) { return v == INT64_MIN ? Optional<int64_t>() : Optional<int64_t>(v); };
    std::vector<at::indexing::TensorIndex> result;
    for (auto* i = p; i < p + n; i++) {
        switch (i->kind) {
            case 0: result.emplace_back(at::indexing::None); break;
            case 1: result.emplace_back(at::indexing::Ellipsis); break;
            case 2: result.push_back(number<at::indexing::TensorIndex>(i->start)); break;
            case 3: result.emplace_back(i->start != 0); break;
            case 4: result.emplace_back(at::indexing::Slice(bound(i->start), bound(i->stop), bound(i->step))); break;
            default: result.emplace_back(In{i->tensor}.get());
        }
    }
    return result;
}

EXPORT Handle ts_index(In a, const Index* p, int64_t n) { return made([&] { return a->index(indices(p, n)); }); }
EXPORT bool ts_index_put_(In a, const Index* p, int64_t n, In value) { return done([&] { a->index_put_(indices(p, n), value.get()); }); }
EXPORT bool ts_index_put_scalar_(In a, const Index* p, int64_t n, Num value) {
    return done([&] { a->index_put_(indices(p, n), at::Scalar(value)); });
}
EXPORT bool ts_index_accumulate_(In a, Ins at, In value) {
    return done([&] {
        c10::List<Optional<at::Tensor>> list;
        for (const auto& t : at::TensorList(at)) list.push_back(t);
        a->index_put_(list, value, true);
    });
}
